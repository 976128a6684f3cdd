"""Domain values of a study, independent of files, rows and pages.

The study folder, the database and the pages all use these. Everything is
frozen; texts are mappings from a language code to a text. Only the standard
library is imported.
"""

from survey.values.answers import Abstention as Abstention
from survey.values.answers import Allocation as Allocation
from survey.values.answers import Answers as Answers
from survey.values.answers import Contradiction as Contradiction
from survey.values.answers import Extremes as Extremes
from survey.values.answers import Judged as Judged
from survey.values.answers import Judgement as Judgement
from survey.values.answers import Review as Review
from survey.values.by import By as By
from survey.values.few import FEWEST_EXPERTS as FEWEST_EXPERTS
from survey.values.few import FEWEST_FOR_INTERVALS as FEWEST_FOR_INTERVALS
from survey.values.few import FEWEST_FOR_QUARTILES as FEWEST_FOR_QUARTILES
from survey.values.few import FEWEST_WITHOUT_SALT as FEWEST_WITHOUT_SALT
from survey.values.few import is_one_or_two as is_one_or_two
from survey.values.few import tellable as tellable
from survey.values.few import thin_groups as thin_groups
from survey.values.framework import GOAL as GOAL
from survey.values.framework import Framework as Framework
from survey.values.framework import Group as Group
from survey.values.framework import Indicator as Indicator
from survey.values.framework import Rung as Rung
from survey.values.kinds import BEST_WORST as BEST_WORST
from survey.values.kinds import BUCKETS as BUCKETS
from survey.values.kinds import DIRECT as DIRECT
from survey.values.kinds import HIGHEST_RATING as HIGHEST_RATING
from survey.values.kinds import KINDS as KINDS
from survey.values.kinds import LONGEST_UNSORTED as LONGEST_UNSORTED
from survey.values.kinds import PAIRWISE as PAIRWISE
from survey.values.kinds import POINTS_TOLERANCE as POINTS_TOLERANCE
from survey.values.kinds import PRESS as PRESS
from survey.values.kinds import RATING as RATING
from survey.values.kinds import SECONDS_PER_LINE as SECONDS_PER_LINE
from survey.values.kinds import SECONDS_PER_QUESTION as SECONDS_PER_QUESTION
from survey.values.kinds import is_whole as is_whole
from survey.values.panel import ANONYMITIES as ANONYMITIES
from survey.values.panel import EXPERTS as EXPERTS
from survey.values.panel import FIXED as FIXED
from survey.values.panel import FORMS as FORMS
from survey.values.panel import FULL as FULL
from survey.values.panel import NAMED as NAMED
from survey.values.panel import ORDERS as ORDERS
from survey.values.panel import RANDOM as RANDOM
from survey.values.panel import SHORT as SHORT
from survey.values.panel import WITHHELD as WITHHELD
from survey.values.panel import Expert as Expert
from survey.values.panel import PanelCounts as PanelCounts
from survey.values.reasons import BAND as BAND
from survey.values.reasons import CANNOT_JUDGE as CANNOT_JUDGE
from survey.values.reasons import CONTRADICTORY as CONTRADICTORY
from survey.values.reasons import FAR as FAR
from survey.values.reasons import KEEP as KEEP
from survey.values.reasons import LONGEST_REASON as LONGEST_REASON
from survey.values.reasons import LOOKS_RIGHT as LOOKS_RIGHT
from survey.values.reasons import OFF as OFF
from survey.values.reasons import RECONSIDER as RECONSIDER
from survey.values.reasons import UNANSWERED as UNANSWERED
from survey.values.reasons import WHY_ASKED as WHY_ASKED
from survey.values.scale import RATIOS as RATIOS
from survey.values.scale import ScaleWords as ScaleWords
from survey.values.study import Study as Study
from survey.values.targets import Target as Target
from survey.values.targets import Targets as Targets
from survey.values.texts import Texts as Texts
from survey.values.texts import UnitWords as UnitWords
from survey.values.texts import text_in as text_in
from survey.values.units import Table as Table
from survey.values.units import Unit as Unit
from survey.values.weight_set import Interval as Interval
from survey.values.weight_set import Parameter as Parameter
from survey.values.weight_set import WeightSet as WeightSet
