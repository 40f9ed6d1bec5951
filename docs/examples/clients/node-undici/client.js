// A license client in Node, over undici: its RetryAgent asks again, and the user hears why and when.
// It speaks the protocol of ../../../client-protocol.md; what it promises stands in profile.yaml.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Agent, RetryAgent, request } from 'undici'

const RETRIES = 3
const BASE_S = 0.5
const LONGEST_WAIT_S = 900
const LARGEST_REPLY = 1_000_000

const MAY_PASS = [408, 425, 429, 500, 502, 503, 504]
const AUTOMATIC = ['connection_refused', 'connection_lost', 'name_not_resolved', 'timed_out', 'service_unavailable', 'rate_limited']
const FINAL = ['device_revoked', 'license_denied', 'not_supported', 'request_refused']
const REASON_OF_CODE = {
  ECONNREFUSED: 'connection_refused',
  EAI_AGAIN: 'name_not_resolved',
  ENOTFOUND: 'name_not_resolved',
  UND_ERR_BODY_TIMEOUT: 'timed_out',
  UND_ERR_CONNECT_TIMEOUT: 'timed_out',
  UND_ERR_HEADERS_TIMEOUT: 'timed_out'
}
const REASON_OF_REFUSAL = {
  denied: 'license_denied',
  device_revoked: 'device_revoked',
  license_expired: 'license_expired',
  maintenance: 'maintenance',
  needs_individualization: 'needs_individualization'
}

class Trouble extends Error {
  constructor (reason) { super(reason); this.reason = reason }
}

const say = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n')
const waits = new Map() // id of a wait to what goes on after it
let setup, agent, licenses, ahead, round, abort
let waited = 0

// A pause in the world's time, which may go faster than ours; epoch_s is the date in the world.
const wait = seconds => new Promise(resolve => {
  const id = `wait-${++waited}`
  waits.set(id, resolve)
  say({ id, method: 'wait', params: { seconds } })
})

function report (phase, text, more = {}) {
  round.mayRetry = more.retryable ?? false
  const told = { operation: 'license_acquisition', round: round.number, attempt: round.attempt, phase, text, ...more }
  say({ method: 'status', params: told })
}

const fail = reason => report('failed', `The license could not be fetched: ${reason.replaceAll('_', ' ')}.`,
  { reason, retryable: !FINAL.includes(reason) })

function reasonOf (error) {
  if (error instanceof Trouble) return error.reason
  if (error.statusCode >= 400) return error.statusCode === 429 ? 'rate_limited' : 'service_unavailable'
  if (/CERT|SIGNATURE|ISSUER/.test(error.code)) return 'tls_untrusted'
  if (/^(HPE|UND_ERR_RES)/.test(error.code) || error instanceof SyntaxError) return 'unreadable_reply'
  return REASON_OF_CODE[error.code] ?? 'connection_lost'
}

// Seconds, from either form of Retry-After.
const retryAfter = text => /^\d+$/.test(text) ? Number(text) : Math.max(0, (Date.parse(text) / 1000 || 0) - Date.now() / 1000 - ahead)

// undici asks here whether an attempt that failed is made again; done() makes it, done(error) gives up.
async function retry (error, { state }, done) {
  const reason = reasonOf(error)
  const asked = retryAfter(error.headers?.['retry-after'])
  const backoff = BASE_S * 2 ** (state.counter - 1) * (0.8 + 0.4 * Math.random())
  if (!AUTOMATIC.includes(reason) || state.counter > RETRIES || asked > LONGEST_WAIT_S || abort.signal.aborted) return done(error)
  const seconds = Math.max(asked, backoff)
  report('retry_scheduled', `That did not work: ${reason}. Trying again in ${seconds.toFixed(1)} s.`, { reason, retry_in_s: seconds })
  await wait(seconds)
  if (abort.signal.aborted) return done(error)
  round.attempt++
  report('retrying', 'Asking the license service again.')
  done()
}

const keyId = content => createHash('sha256').update('kid:' + content).digest().subarray(0, 16).toString('base64url')

async function acquire () {
  if (!setup.settings.supported) return fail('not_supported')
  if (setup.url_trust !== 'trusted') return fail(`url_${setup.url_trust}`)
  round.attempt++
  report('connecting', 'Asking the license service.')
  const kid = keyId(setup.content)
  const reply = await request(setup.endpoints.license, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kids: [kid], type: 'temporary' }),
    signal: abort.signal
  })
  const body = await reply.body.text()
  const isJson = reply.headers['content-type']?.startsWith('application/json')
  if (reply.statusCode >= 400) throw new Trouble((isJson && REASON_OF_REFUSAL[JSON.parse(body).error]) || 'request_refused')
  if (reply.statusCode >= 300) throw new Trouble('too_many_redirects') // none is followed
  const key = isJson && JSON.parse(body).keys?.find(each => each.kid === kid)
  if (!key) throw new Trouble('unreadable_reply') // a hotel's login page, say
  const k = Buffer.from(key.k, 'base64url')
  if (createHash('sha256').update(k).digest('hex').slice(0, 16) !== setup.key_check) throw new Trouble('license_unusable')
  licenses.add(setup.content)
  report('succeeded', 'The license is here.')
}

function open (phase, text) {
  round = { number: (round?.number ?? 0) + 1, attempt: round?.attempt ?? 0 }
  abort = new AbortController()
  report(phase, text)
  acquire().catch(error => abort.signal.aborted
    ? report('cancelled', 'You stopped it.', { reason: 'cancelled_by_user', retryable: true })
    : fail(reasonOf(error)))
}

const calls = {
  initialize (params) {
    setup = params.setup
    licenses = new Set(Object.keys(setup.holds))
    ahead = setup.epoch_s - Date.now() / 1000
    const connect = setup.ca_file ? { ca: readFileSync(setup.ca_file) } : {}
    const limits = { headersTimeout: 10_000, bodyTimeout: 10_000, maxResponseSize: LARGEST_REPLY }
    agent = new RetryAgent(new Agent({ connect, ...limits }), { methods: ['POST'], statusCodes: MAY_PASS, retry })
    return { name: 'node-undici', version: '1.0', waits: true }
  },
  start () { open('started', 'Getting the license.') },
  retry () { if (round.mayRetry) open('retrying', 'Getting the license.') },
  cancel () { abort.abort(); for (const goOn of waits.values()) goOn() },
  rights: () => ({ licenses: [...licenses], individualized: setup.client_version !== '' })
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result } = JSON.parse(line)
  if (method) say({ id, result: calls[method]?.(params) ?? null })
  else {
    ahead = result.epoch_s - Date.now() / 1000
    waits.get(id)?.()
    waits.delete(id)
  }
}
agent?.destroy() // standard input is closed: that is all
