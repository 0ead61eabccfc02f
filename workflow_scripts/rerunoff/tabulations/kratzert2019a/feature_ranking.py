"""kratzert2019a: the attributes, by how much discharge reacts to them."""

from rerunoff.analysis.feature_ranking import ranking_table, read_gradients
from rerunoff.numbers.published import FEATURE_RANKING, read_published
from rerunoff.tables import read_checked


def tabulate(gradients, effects, published, members):
    """Read the gradients of all members, Morris' effects and the published ranking."""
    theirs = read_published(published)
    theirs = theirs[theirs["quantity"] == FEATURE_RANKING].set_index("metric")["value"]
    return ranking_table(
        read_gradients(gradients, members),
        read_checked(effects, "elementary effects", dtype={"basin": str}),
        theirs,
    )
