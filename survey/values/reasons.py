"""Reasons and decisions that stand beside an answer."""

#: Whether the weights of a group look right to the expert whose answers give them.
LOOKS_RIGHT = "looks-right"
OFF = "off"

#: Why an expert does not judge: these four, or words of their own.
CANNOT_JUDGE = ("first-unknown", "second-unknown", "both-unknown", "not-comparable")

#: The longest reason: enough for a thought, short enough to be read.
LONGEST_REASON = 2000

#: Why a targeted round asks a question again, the strongest reason first.
UNANSWERED, CONTRADICTORY, FAR, BAND = "unanswered", "contradictory", "far", "band"
WHY_ASKED = (UNANSWERED, CONTRADICTORY, FAR, BAND)

#: What experts decide about their earlier weight after they have seen the panel's.
KEEP, RECONSIDER = "keep", "reconsider"
