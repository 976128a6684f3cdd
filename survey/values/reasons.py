"""Reasons and decisions that belong to an answer."""

#: Verdicts of an expert on the weights that their answers in a group give.
LOOKS_RIGHT = "looks-right"
OFF = "off"

#: Reasons why an expert cannot judge: these four, or words of their own.
CANNOT_JUDGE = ("first-unknown", "second-unknown", "both-unknown", "not-comparable")

#: The longest reason, in characters.
LONGEST_REASON = 2000

#: Reasons why a targeted round asks a question again, the strongest first.
UNANSWERED, CONTRADICTORY, FAR, BAND = "unanswered", "contradictory", "far", "band"
WHY_ASKED = (UNANSWERED, CONTRADICTORY, FAR, BAND)

#: Decisions of an expert about their earlier weight after they have seen the panel's.
KEEP, RECONSIDER = "keep", "reconsider"
