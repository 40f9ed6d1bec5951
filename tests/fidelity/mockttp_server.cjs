// mockttp with the faults that peers.py asks of it. Prints its port; ends when its standard input does.
// mockttp listens on every interface by default, so the address is given to Node's own listen.
const { Server } = require("node:net");

const { listen } = Server.prototype;
Server.prototype.listen = function (options, ...rest) {
  return listen.call(this, typeof options === "object" ? { ...options, host: "127.0.0.1" } : { port: options, host: "127.0.0.1" }, ...rest);
};

const server = require(process.argv[2]).getLocal();

async function main() {
  await server.start();
  await server.forPost("/reset").thenResetConnection();
  await server.forPost("/close").thenCloseConnection();
  await server.forPost("/timeout").thenTimeout();
  console.log(server.port);
  process.stdin.on("end", () => process.exit()).resume();
}

main();
