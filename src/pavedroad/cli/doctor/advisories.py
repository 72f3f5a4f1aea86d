"""The local advisory database, without which dependencies cannot be judged."""

from pavedroad.advisories import FILE_NAME, AdvisoryError, Database
from pavedroad.cli.doctor import Answer, Check, Patient, State
from pavedroad.core.errors import PavedError
from pavedroad.infra.paths import user_data

_KIND = "dependencies"
_STALE_DAYS = 7  # the same age that the default gate rules allow


def _wanted(patient: Patient) -> bool:
    try:
        scan = patient.config.scan
    except PavedError:
        return True  # the check of paved.yaml says what is wrong with it
    return _KIND not in scan.skip and (not scan.only or _KIND in scan.only)


def _look(patient: Patient) -> Answer:
    if not _wanted(patient):
        return Answer(state=State.OK, sentence="not needed: paved.yaml leaves dependencies out")
    path = user_data() / FILE_NAME
    if not path.is_file():
        return Answer(
            state=State.MISSING, sentence="there is no advisory database", next_step="paved advisories update"
        )
    try:
        with Database.open(path) as database:
            dates = [facts.as_of for facts in database.facts() if facts.as_of is not None]
            count = len(database.facts())
    except AdvisoryError as error:
        return Answer(state=State.WRONG, sentence=error.what, next_step=error.next_step)
    if not dates:
        return Answer(
            state=State.WRONG, sentence="the database is empty or undated", next_step="paved advisories update"
        )
    days = max((patient.clock.now() - min(dates)).days, 0)
    sentence = f"{count} ecosystems, the oldest as of {min(dates):%Y-%m-%d} ({days} days ago)"
    if days > _STALE_DAYS:
        return Answer(state=State.WARN, sentence=sentence, next_step="paved advisories update")
    return Answer(state=State.OK, sentence=sentence)


CHECK = Check(name="advisories", title="advisory database", look=_look)
