"""The fixtures ``world``, ``client_under_test`` and ``fake_server``, and the marker that says what they play."""

from __future__ import annotations

import pytest

from tests.harness.pytest_plugin.conftest import FLAWED, ROOT, Inner

pytest_plugins = ["pytester"]


def test_a_world_plays_the_marked_scenario_and_gives_what_was_seen(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("license_acquisition/captive_portal", seed=5)
        def test_the_portal_is_met_once(world):
            trace = world.play()
            assert trace.head.seed == 5
            assert [entry.what.name for entry in trace.entries if entry.lane == "fault"] == ["captive_portal"]
            assert trace.rounds[-1].reports[-1].what.status.phase == "succeeded"
        """
    )
    inner().assert_outcomes(passed=1)


def test_the_example_of_the_documentation_holds(inner: Inner, pytester: pytest.Pytester) -> None:
    page = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")
    pytester.makepyfile(page.partition("```python\n")[2].partition("```")[0])
    inner().assert_outcomes(passed=3)


def test_a_broken_rule_fails_the_test_unless_it_judges_itself(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        pytestmark = pytest.mark.scenario("license_acquisition/captive_portal")

        def test_judged_by_the_harness(world):
            world.play()

        def test_judged_by_itself(world):
            assert world.play(judged=False).rounds[-1].reports[-1].what.status.phase == "succeeded"
        """
    )
    result = inner("--drm-client", FLAWED)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*NotHeldError: STATUS-004 *", "*observed  no such reply came before it"])
    result.stdout.no_fnmatch_line("*def hold*")


def test_a_test_runs_with_each_scenario_and_each_client(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("license_backup")
        def test_backups(world): world.play()
        """
    )
    result = inner("--collect-only", "-q", "--drm-client", "reference", "--drm-client", FLAWED)
    result.stdout.fnmatch_lines(["*::test_backups*license_backup/first_tries_fail*"])
    ids = [line for line in result.outlines if "::test_backups" in line]
    assert len(ids) == len(set(ids)) >= 10
    assert sum("success_on_captive_portal" in line for line in ids) == len(ids) // 2


def test_a_suite_may_name_its_client_by_a_fixture_of_its_own(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from harness.client.reference import ReferenceClient

        class MyClient(ReferenceClient):
            made = 0
            def __init__(self):
                super().__init__()
                type(self).made += 1

        @pytest.fixture
        def client_under_test():
            return MyClient

        def test_it_is_mine(world):
            world.play()
            assert MyClient.made
        """
    )
    inner().assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("given", "said"),
    [("None", "*gave None; it must give a class*"), ("object", "*object makes no client under test, it has no initialize*")],
)
def test_a_fixture_that_gives_no_client_is_told(inner: Inner, pytester: pytest.Pytester, given: str, said: str) -> None:
    pytester.makepyfile(
        f"""
        import pytest

        @pytest.fixture
        def client_under_test(): return {given}

        def test_nobody(world): world.play()
        """
    )
    result = inner()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])


def test_code_of_the_tests_own_runs_in_virtual_time(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        import aiohttp
        import pytest

        @pytest.mark.scenario("license_acquisition/captive_portal", network="simulated")
        def test_mine(world):
            async def fetch(world):
                await asyncio.sleep(3600)
                async with aiohttp.ClientSession() as session:
                    async with session.post(world.session.endpoints["license"], data=b"{}") as reply:
                        return reply.status, await reply.text()

            status, text = world.run(fetch)
            assert status == 200 and "<html" in text.lower()
        """
    )
    inner().assert_outcomes(passed=1)


def test_a_fake_server_fails_on_real_sockets_and_says_what_it_saw(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import urllib.request
        import pytest
        pytestmark = pytest.mark.scenario("license_acquisition/captive_portal")

        def test_the_fault_fires(fake_server):
            assert fake_server.fates == ("not_reached",)
            with urllib.request.urlopen(fake_server.endpoints["license"], data=b"{}") as reply:
                assert b"<html" in reply.read().lower()
            assert fake_server.fates == ("fired",)

        def test_it_is_told_if_the_test_fails(fake_server):
            urllib.request.urlopen(fake_server.endpoints["license"], data=b"{}").close()
            assert False
        """
    )
    result = inner()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*what fake_server saw*", "*! captive_portal: not a license reply", "faults: captive_portal fired"]
    )


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("'license_acquisition/captive_portl'", "*did you mean*captive_portal*"),
        ("'license_acquisition/captive_portal', sed=3", "*takes scenarios, network= and seed=, but no sed*"),
    ],
)
def test_a_slip_in_the_marker_is_told(inner: Inner, pytester: pytest.Pytester, marker: str, said: str) -> None:
    pytester.makepyfile(f"import pytest\n@pytest.mark.scenario({marker})\ndef test_it(world): world.play()\n")
    result = inner()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])


def test_profiles_of_hypothesis_are_offered_by_name_and_replace_none(inner: Inner, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from hypothesis import settings
        def test_it(): assert settings.default.max_examples == 5_000
        """
    )
    inner("--hypothesis-profile", "nightly").assert_outcomes(passed=1)
    pytester.makeconftest("from hypothesis import settings\nsettings.register_profile('nightly', settings(max_examples=7))")
    inner("--hypothesis-profile", "nightly").assert_outcomes(failed=1)
