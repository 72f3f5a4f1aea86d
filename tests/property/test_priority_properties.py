"""What holds for any vector, any table, any facts and any run."""

import itertools
from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from pavedroad.core import AssetFacts, Judged, Severity, Signals
from pavedroad.priority import TableError, VectorError, load, plan, prioritise, rank_run, table_names
from pavedroad.priority.inputs import case_of, facts_behind, values_of
from pavedroad.priority.scoring import best, parse, rescore
from pavedroad.priority.standing import Standing
from pavedroad.priority.tables import parse as parse_table
from pavedroad.priority.vocabulary import FACTS, INPUTS
from tests.support.priority_samples import TODAY, flaw, package

FACT = st.builds(AssetFacts, **{name: st.sampled_from([None, *words]) for name, words in FACTS.items()})
MAYBE = st.none() | st.booleans()
DAY = st.dates(TODAY - timedelta(days=500), TODAY + timedelta(days=100))
SIGNALS = st.builds(
    Signals,
    known_exploited=MAYBE,
    known_since=st.none() | DAY,
    exploitation=st.sampled_from([None, "none", "poc", "active"]),
    automatable=MAYBE,
    total_impact=MAYBE,
    epss=st.none() | st.floats(0, 1),
)
METRICS = {
    "3.1": {"AV": "NALP", "AC": "LH", "PR": "NLH", "UI": "NR", "S": "UC", "C": "HLN", "I": "HLN", "A": "HLN"},
    "4.0": {
        "AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA", "VC": "HLN", "VI": "HLN", "VA": "HLN",
        "SC": "HLN", "SI": "HLN", "SA": "HLN",
    },
}  # fmt: skip

CWES = st.sampled_from([(), (79,), (89,), (798,)])


@st.composite
def vectors(draw: st.DrawFn) -> str:
    version = draw(st.sampled_from(sorted(METRICS)))
    metrics = METRICS[version]
    return f"CVSS:{version}/" + "/".join(f"{name}:{draw(st.sampled_from(words))}" for name, words in metrics.items())


@given(st.text(max_size=300) | st.text("CVSS:3.14/0AVNLHPRUIC ()", max_size=120) | vectors().map(lambda v: v[::-1]))
def test_any_text_is_a_vector_or_the_rooms_own_error(text: str) -> None:
    try:
        parsed = parse(text)
    except VectorError:
        return
    assert 0.0 <= parsed.base <= 10.0


@given(vectors(), st.data())
def test_a_damaged_vector_never_raises_anything_else(vector: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(vector)))
    mangled = vector[:at] + data.draw(st.text(max_size=4)) + vector[at + data.draw(st.integers(0, 4)) :]
    assert best((mangled, vector)) is not None


@given(vectors(), FACT, st.sampled_from([None, "none", "poc", "active"]))
def test_every_vector_can_be_scored_again_everywhere(vector: str, facts: AssetFacts, threat: str | None) -> None:
    scored = rescore(parse(vector), facts, threat)
    assert 0.0 <= scored.score <= 10.0
    assert parse(scored.vector).base == scored.base


@given(vectors(), st.sampled_from(["internal", "isolated", "partner", "internet"]))
def test_exposure_alone_never_raises_a_score(vector: str, exposure: str) -> None:
    parsed = parse(vector)
    assert rescore(parsed, AssetFacts(exposure=exposure), None).score <= parsed.base


@given(st.binary(max_size=400) | st.text("kevys no,outcmday*12;\n\t\"'#", max_size=200).map(str.encode))
def test_any_bytes_are_a_whole_table_or_the_rooms_own_error(content: bytes) -> None:
    try:
        table = parse_table(b"kev,outcome,days\n" + content, "t", "t.csv")
    except TableError:
        return
    for key in itertools.product(*(INPUTS[name].values for name in table.inputs)):
        assert table.rows[key] in table.outcomes


@given(st.sampled_from(table_names()), SIGNALS, FACT, st.none() | DAY, st.lists(vectors(), max_size=2))
def test_every_finding_gets_a_tier_and_never_a_deadline_before_its_start(
    name: str, known: Signals, facts: AssetFacts, seen: date | None, found: list[str]
) -> None:
    table, about = load(name), flaw(vectors=tuple(found))
    got = prioritise(about, known, facts, table, TODAY, seen)
    assert got == prioritise(about, known, facts, table, TODAY, seen)
    assert got.tier in {outcome.name for outcome in table.outcomes}
    assert (got.due is None) == (got.days is None)
    if got.due is not None and got.start is not None:
        assert got.start <= got.due <= TODAY + timedelta(days=got.days or 0)
        assert got.start <= TODAY
    values = values_of(case_of(about, known, facts), table.inputs)
    assert got.why.count("(assumed)") == sum(bool(value.assumed) for value in values.values())


@given(st.sampled_from(list(INPUTS)), SIGNALS, FACT, FACT, st.lists(vectors(), max_size=1))
def test_facts_that_an_input_does_not_depend_on_do_not_change_it(
    name: str, known: Signals, facts: AssetFacts, others: AssetFacts, found: list[str]
) -> None:
    import msgspec

    foreign = {fact: getattr(others, fact) for fact in FACTS if fact not in facts_behind((name,))}
    about = flaw(vectors=tuple(found))
    changed = msgspec.structs.replace(facts, **foreign)
    once, again = (values_of(case_of(about, known, each), (name,))[name].value for each in (facts, changed))
    assert once == again


@given(st.sampled_from(table_names()), SIGNALS, FACT, DAY)
def test_an_entry_in_the_catalogue_never_moves_a_deadline_back(
    name: str, known: Signals, facts: AssetFacts, seen: date
) -> None:
    import msgspec

    quiet = msgspec.structs.replace(known, known_exploited=False, exploitation=None, automatable=True)
    listed = msgspec.structs.replace(quiet, known_exploited=True)
    before = prioritise(flaw(), quiet, facts, load(name), TODAY, seen)
    after = prioritise(flaw(), listed, facts, load(name), TODAY, seen)
    assert after.rank <= before.rank
    if before.due is not None:
        assert after.due is not None
        assert after.due <= before.due


@given(SIGNALS, FACT, st.sampled_from(table_names()))
def test_the_advice_is_true(known: Signals, facts: AssetFacts, name: str) -> None:
    import msgspec

    got = prioritise(flaw(), known, facts, load(name), TODAY, TODAY)
    if not got.advice:
        return
    head, _, tier = got.advice.partition(", the tier would be ")
    fact, _, words = head.removeprefix("were asset.").partition(" in paved.yaml ")
    for word in words.replace(" or ", ", ").split(", "):
        told = msgspec.structs.replace(facts, **{fact: word})
        assert tier.startswith(f"'{prioritise(flaw(), known, told, load(name), TODAY, TODAY).tier}'")


VERSION = st.builds("{}.{}.{}".format, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
FINDINGS = st.lists(
    st.builds(
        lambda name, version, fixes, number: package(name, version, *fixes, number=number),
        st.sampled_from(["alpha", "beta"]),
        VERSION,
        st.lists(VERSION, max_size=3, unique=True),
        st.integers(0, 10**6),
    ),
    max_size=12,
)


def closes(target: str, judged: Judged) -> bool:
    """The rule of the page in other words: newer than what is used, and named as fixed or above every fix."""
    component, remedy = judged.finding.component, judged.finding.remediation
    if component is None or remedy is None or Version(target) <= Version(component.version):
        return False
    fixes = [Version(text) for text in remedy.fixed_versions]
    usable = [fix for fix in fixes if fix > Version(component.version)]
    return bool(usable) and (Version(target) in fixes or Version(target) >= max(fixes))


@given(FINDINGS)
def test_a_plan_counts_right_and_leaves_nothing_out(run: list[Judged]) -> None:
    made = plan(run)
    done = [index for step in made.steps for index in step.closes]
    assert sorted([*done, *(each.index for each in made.rest)]) == list(range(len(run)))
    for step in made.steps:
        assert all(closes(step.target, run[index]) for index in step.closes)
        if step.smaller:
            assert sum(closes(step.smaller.target, run[index]) for index in step.closes) == step.smaller.closes


@given(FINDINGS)
def test_no_known_fixed_version_would_have_closed_more_or_as_much_with_a_smaller_step(run: list[Judged]) -> None:
    made = plan(run)
    assert len({(step.ecosystem, step.package) for step in made.steps}) == len(made.steps)
    for step in made.steps:
        same = [each for each in run if each.finding.component and each.finding.component.name == step.package]
        known = {text for each in same if each.finding.remediation for text in each.finding.remediation.fixed_versions}
        for version in known:
            would = sum(closes(version, each) for each in same)
            assert would <= len(step.closes)
            assert would < len(step.closes) or Version(version) >= Version(step.target)
    open_ones = {each.index for each in made.rest}
    for index in open_ones:
        finding = run[index].finding
        assert not any(
            closes(text, run[index]) for text in (finding.remediation.fixed_versions if finding.remediation else ())
        )


@given(FINDINGS, st.dictionaries(VERSION, st.sampled_from(["", *(f"{n}.9.9" for n in range(4))]), max_size=6))
def test_a_recommended_version_is_never_worse_than_a_known_one(run: list[Judged], others: dict[str, str]) -> None:
    """Each entry is a flaw of its own that begins with a version and ends with its fix."""

    def ask(ecosystem: str, name: str, version: str) -> tuple[Standing, ...]:
        at = Version(version)
        return tuple(
            Standing(frozenset({f"X-{start}"}), fixed)
            for start, fixed in others.items()
            if Version(start) <= at and (not fixed or at < Version(fixed))
        )

    for step, checked in zip(
        sorted(plan(run).steps, key=lambda each: each.package),
        sorted(plan(run, ask).steps, key=lambda each: each.package),
        strict=True,
    ):
        worth = len(checked.closes) - len(checked.brings)
        assert worth >= len(step.closes) - len(ask(step.ecosystem, step.package, step.target))
        assert len(checked.brings) == len(ask(checked.ecosystem, checked.package, checked.target))


@given(FINDINGS, st.randoms())
def test_the_order_of_the_run_does_not_matter(run: list[Judged], random: object) -> None:
    import random as randomness

    shuffled = list(run)
    assert isinstance(random, randomness.Random)
    random.shuffle(shuffled)
    once, again = plan(run), plan(shuffled)
    assert [(s.package, s.target, len(s.closes)) for s in once.steps] == [
        (s.package, s.target, len(s.closes)) for s in again.steps
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["secrets", "code", "iac"]), st.sampled_from(list(Severity)), CWES), max_size=8)
)
def test_ranking_a_run_gives_each_finding_what_it_would_get_alone(
    given_findings: list[tuple[str, Severity, tuple[int, ...]]],
) -> None:
    run = [
        Judged(
            finding=msgspec.structs.replace(flaw(), kind=kind, severity=severity, cwe=cwe, component=None, aliases=())
        )
        for kind, severity, cwe in given_findings
    ]
    table = load("")
    for each in rank_run(run, lambda finding: None, AssetFacts(), table, TODAY):
        assert each.priority == prioritise(each.finding, None, AssetFacts(), table, TODAY, None)
