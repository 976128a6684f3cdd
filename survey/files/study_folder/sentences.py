"""Templates of sentences, one for each code of a fault; filled by faults.sentence."""

from __future__ import annotations

from survey.values.wording import N_

PLACES = {
    "column": N_("%(file)s, line %(line)s, column %(column)s: %(sentence)s"),
    "line": N_("%(file)s, line %(line)s: %(sentence)s"),
    "file": N_("%(file)s: %(sentence)s"),
}

MORE = N_("… and %(count)s more.")

#: Sentence for a cause with several places.
COUNTED = {
    "line": N_("%(sentence)s This occurs %(count)s times."),
    "lines": N_("%(sentence)s This occurs %(count)s times, in lines %(lines)s."),
    "files": N_("%(sentence)s This occurs %(count)s times, in %(files)s."),
}

#: Possible meaning or origin of a faulty cell.
HINTS = {
    "meant": N_("Did you mean “%(meant)s”?"),
    "between": N_("The nearest are “%(low)s” and “%(high)s”."),
    "minus": N_("Did you mean “%(meant)s”? A minus is not part of this format."),
    "percent": N_("Write the number without a percent sign."),
    "state": N_(
        "Statistical tables write this where a figure is not available or does not apply. If the "
        "level is not known, leave the cell blank. This version does not read “does not apply”."
    ),
    "whole": N_("Levels are whole numbers."),
    "workbook": N_("The file is a spreadsheet workbook."),
    "archive": N_("The file is an archive (.zip)."),
    "table": N_("The file is one table (CSV)."),
    "json": N_("The file is JSON."),
    "publication": N_(
        "The file is a publication; its page also has the weight set that it applies."
    ),
    "spreadsheet": N_(
        "A spreadsheet removes zeros in front and turns codes into dates or numbers: format "
        "the column as text."
    ),
}

SENTENCES = {
    # The folder and its files.
    "no-such-folder": N_("there is no study folder (or .zip of one) here."),
    "unreadable": N_("the file cannot be read (%(why)s)."),
    "no-such-file": N_(
        "the file is missing; a study folder holds it, at least with its header line."
    ),
    "no-such-file-nearest": N_("the file is missing; there is “%(nearest)s”: is that it?"),
    "too-large": N_("the file has %(found)s bytes; expected at most %(limit)s."),
    "too-large-unpacked": N_("unpacked it has %(found)s bytes; expected at most %(limit)s."),
    "too-many-parts": N_("the archive holds %(found)s files; expected at most %(limit)s."),
    "too-many-lines": N_("the file has %(found)s lines; expected at most %(limit)s."),
    "too-many-rows": N_("the table has %(found)s rows; expected at most %(limit)s."),
    "too-many-columns": N_("the table has %(found)s columns; expected at most %(limit)s."),
    "too-long": N_("the cell has %(found)s characters; expected at most %(limit)s."),
    "too-many-directions": N_(
        "the column “direction” has %(found)s different words; expected at most %(limit)s."
    ),
    "too-many-languages": N_("there are %(found)s languages; expected at most %(limit)s."),
    "too-many-properties": N_("an object has %(found)s properties; expected at most %(limit)s."),
    "text-too-long": N_("“%(property)s” has %(found)s characters; expected at most %(limit)s."),
    "too-many-faults": N_(
        "reading stopped after %(limit)s errors; put these right, and others may follow."
    ),
    "not-a-study": N_("expected a study folder of CSV files, or a .zip of one."),
    "not-a-table": N_(
        "expected a table as text: open it in your spreadsheet, choose File > Save As and the "
        "type “CSV UTF-8”."
    ),
    "not-a-zip": N_("this is not a readable .zip archive."),
    "encrypted": N_("“%(found)s” in the archive is locked with a password."),
    "outside": N_("the archive holds “%(found)s”, a name that leads out of the folder."),
    "several-folders": N_("the archive holds this file more than once, in %(found)s."),
    "not-text": N_(
        "the letters of this line are not UTF-8, so their meaning is not certain. Open your "
        "spreadsheet, choose File > Save As and the type “CSV UTF-8”, and send that file."
    ),
    "two-readings": N_(
        "the letters of this line can be read in two encodings. Open your spreadsheet, choose "
        "File > Save As and the type “CSV UTF-8”, and send that file."
    ),
    "two-encodings": N_(
        "this line is UTF-8 and line %(other)s is not: the file mixes two encodings. Put both "
        "right in your spreadsheet, then choose File > Save As and the type “CSV UTF-8”."
    ),
    "damaged-text": N_(
        "the file is UTF-8 or UTF-16 text with damaged characters. Put them right in your "
        "spreadsheet, then choose File > Save As and the type “CSV UTF-8”."
    ),
    "nul": N_("there is a NUL character here; expected text."),
    "not-csv": N_("the cells cannot be told apart (%(why)s); expected comma-separated values."),
    "wrong-separator": N_(
        "the cells are separated by “%(found)s”; expected commas, semicolons or tabs."
    ),
    "mixed-separators": N_(
        "the cells of this line are separated by “%(found)s”, those of the header by "
        "“%(expected)s”; expected the same in all lines."
    ),
    "no-header": N_("the file is empty; expected a header line with %(expected)s."),
    "header-below": N_(
        "the header is in line %(found)s; expected it in the first line. Remove the lines above it."
    ),
    "no-columns": N_("there are no columns %(expected)s; the header has %(found)s."),
    "no-column": N_("there is no column “%(expected)s”; the header has %(found)s."),
    "no-column-nearest": N_(
        "there is no column “%(expected)s”; the header has “%(nearest)s”: is that it?"
    ),
    "column-not-read": N_(
        "the column would change the result, and this version does not read it. Remove it if "
        "the result is right without it."
    ),
    "file-not-read": N_(
        "the file would change the result, and this version does not read it. Remove it if the "
        "result is right without it."
    ),
    "unnamed-column": N_("column %(number)s has cells, but no name in the header."),
    "column-twice": N_("two columns have this name."),
    "not-a-language": N_(
        "“%(found)s” is not a language code; expected one such as zh, en or zh-Hant."
    ),
    "ragged": N_("the line has %(found)s cells; the header has %(expected)s."),
    # Labels.
    "blank": N_("the cell is empty; expected a label of %(where)s."),
    "no-code": N_("the cell is empty; expected a code."),
    "malformed-code": N_(
        "“%(found)s” cannot be a code; expected at most 64 letters, digits, points, "
        "hyphens or underscores, beginning with a letter or a digit."
    ),
    "reserved-code": N_("“%(found)s” is a reserved word; choose another code."),
    "code-twice": N_("“%(found)s” is already in line %(other)s."),
    "unknown": N_("“%(found)s” is not in %(where)s."),
    "unknown-nearest": N_("“%(found)s” is not in %(where)s; did you mean “%(nearest)s”?"),
    "not-a-child": N_("“%(found)s” is not in “%(parent)s”; expected one of %(expected)s."),
    "itself": N_("“%(found)s” is compared with itself; expected two items of “%(parent)s”."),
    # Framework.
    "no-groups": N_("there is no group; expected at least one."),
    "childless-group": N_("group “%(found)s” has no indicator in indicators.csv."),
    "not-a-height": N_(
        "“%(found)s” is not a number of rungs; expected a whole number from 1 to 99."
    ),
    "not-a-rung": N_("“%(found)s” is not a rung of “%(indicator)s”; expected 1 to %(top)s."),
    "rung-twice": N_("rung %(found)s of “%(indicator)s” is already in line %(other)s."),
    "missing-rungs": N_(
        "the ladder of “%(indicator)s” has %(top)s rungs, "
        "and rung %(missing)s is not described; describe all of them or none."
    ),
    # Panel and answers.
    "empty-panel": N_("the panel is empty; expected at least one expert."),
    "not-a-method": N_(
        "“%(found)s” is not a way to answer; expected pairwise, direct, best-worst or rating."
    ),
    "not-an-anonymity": N_("“%(found)s” is not a kind of anonymity; expected experts or named."),
    "not-a-seed": N_(
        "“%(found)s” is not a seed; expected a whole number 0 to %(top)s, or nothing."
    ),
    "not-a-judgement": N_(
        "“%(found)s” is not on the scale; expected a whole number 1 to 9, or 1/2 to 1/9."
    ),
    "not-positive": N_(
        "“%(found)s” is not positive; expected a whole number 1 to 9, or 1/2 to 1/9."
    ),
    "date": N_(
        "“%(found)s” is a date, which spreadsheets make of a fraction; "
        "expected a whole number 1 to 9, or 1/2 to 1/9, in a cell formatted as text."
    ),
    "no-judgement": N_(
        "the judgement is empty; leave the line out if “%(expert)s” did not compare the two."
    ),
    "judged-twice": N_(
        "“%(expert)s” compared “%(a)s” with “%(b)s” in line %(other)s already; expected once."
    ),
    "judged-twice-opposite": N_(
        "“%(expert)s” compared “%(a)s” with “%(b)s” in line %(other)s already, "
        "in the opposite direction; expected once."
    ),
    "pairs-of-direct": N_(
        "“%(expert)s” answers with points (panel.csv), but has comparisons, the first of them here."
    ),
    "pairs-of-rating": N_(
        "“%(expert)s” answers with ratings (panel.csv), but has comparisons, "
        "the first of them here."
    ),
    "extremes-of-another": N_(
        "“%(expert)s” does not answer best-worst (panel.csv), but has a best and a worst here."
    ),
    "extremes-of-two": N_(
        "“%(parent)s” has fewer than three items; expected one comparison instead of a best "
        "and a worst."
    ),
    "best-is-worst": N_("“%(found)s” is the best and the worst under “%(parent)s”; expected two."),
    "extremes-twice": N_(
        "“%(expert)s” has a best and a worst here in line %(other)s already; expected once."
    ),
    "no-extremes": N_(
        "“%(expert)s” answers best-worst, but has no best and worst under “%(parent)s” "
        "in extremes.csv."
    ),
    "not-in-star": N_(
        "this pair is not asked: the best is “%(best)s” and the worst “%(worst)s” (extremes.csv); "
        "expected a pair with one of them."
    ),
    "against-extremes": N_(
        "this says the opposite of extremes.csv, where the best is “%(best)s” and the worst "
        "“%(worst)s”."
    ),
    "points-of-pairwise": N_(
        "“%(expert)s” answers in pairs (panel.csv), but has points, the first of them here."
    ),
    "points-of-best-worst": N_(
        "“%(expert)s” answers best-worst (panel.csv), but has points, the first of them here."
    ),
    "not-a-rating": N_("“%(found)s” is not a rating; expected a number from 0 to 10."),
    "all-zero": N_(
        "every rating of “%(expert)s” under “%(parent)s” is 0; expected one above 0 at least."
    ),
    "not-points": N_("“%(found)s” is not a number of points; expected 0 to 100."),
    "decimals-behind": N_(
        "“%(before)s” and “%(found)s” may be one number with a decimal comma. Write a decimal "
        "point, or remove this column."
    ),
    "points-twice": N_("“%(expert)s” gave points to “%(item)s” in line %(other)s already."),
    "missing-points": N_(
        "“%(expert)s” gave points under “%(parent)s”, but none to %(missing)s; "
        "expected points for each, 0 included."
    ),
    "not-a-hundred": N_(
        "the points of “%(expert)s” under “%(parent)s” (lines %(lines)s) "
        "sum to %(sum)s; expected 100."
    ),
    "half-a-pair": N_("one of a and b is empty; expected both, or neither for the whole group."),
    "abstained-twice": N_("“%(expert)s” abstained from this in line %(other)s already."),
    "judged-and-abstained": N_(
        "“%(expert)s” abstains here, but answered in %(where)s, line %(other)s; "
        "expected one of them."
    ),
    "pair-of-direct": N_(
        "“%(expert)s” answers with points (panel.csv), and can only abstain from a whole group."
    ),
    "pair-of-rating": N_(
        "“%(expert)s” answers with ratings (panel.csv), and can only abstain from a whole group."
    ),
    "pair-of-best-worst": N_(
        "“%(expert)s” answers best-worst (panel.csv), and of three items or more can only "
        "abstain from all."
    ),
    "not-a-verdict": N_("“%(found)s” is no verdict; expected looks-right, off or nothing."),
    "not-a-contradiction": N_(
        "“%(found)s” names no contradiction; expected circle, strength or end-of-scale with "
        "three items under this parent, as circle:a/b/c."
    ),
    "not-judged": N_(
        "“%(found)s” is no judgement of two items under this parent, each pair once; "
        "expected a/b=3 or a/b=1/3."
    ),
    "reviewed-twice": N_("“%(expert)s” reviewed this group in line %(other)s already."),
    # The scale.
    "not-a-ratio": N_("“%(found)s” is not on the scale; expected a whole number 2 to 9."),
    "ratio-twice": N_("ratio %(found)s has a word in line %(other)s already."),
    "no-word": N_("the cell is empty; expected a word of the scale."),
    "scale-falls": N_(
        "the words of the scale in “%(language)s” fall where the ratios rise: “%(word)s” for "
        "%(ratio)s says “%(back)s”, which counts more than “%(other_back)s”, said by “%(other)s” "
        "for %(other_ratio)s."
    ),
    "missing-ratios": N_(
        "the scale in “%(language)s” has no word for %(missing)s; expected one for each of 2 to 9."
    ),
    "not-a-version": N_(
        "the scale in “%(language)s” has version %(found)s; "
        "expected one whole number from 1, the same in all its lines."
    ),
    # Units and tables.
    "not-yes-or-no": N_("“%(found)s” is neither 1 nor 0."),
    "not-in-range": N_("“%(found)s” is not a number from %(low)s to %(high)s."),
    "half-a-place": N_("one of latitude and longitude is empty; expected both or neither."),
    "not-a-level": N_("“%(found)s” is not a level; expected a whole number 0 to %(top)s."),
    "above-the-top": N_(
        "level %(found)s is above the ladder of “%(indicator)s”; expected 0 to %(top)s."
    ),
    "no-groups-summed": N_(
        "the table sums no group; expected codes of groups, separated by spaces."
    ),
    "group-twice": N_("group “%(found)s” is named twice."),
    # datapackage.json.
    "not-json": N_("this is not JSON (%(why)s)."),
    "not-an-object": N_("expected an object in braces."),
    "not-a-text": N_("“%(property)s” is not a text."),
    "property-not-read": N_(
        "the property “%(found)s” is not part of the format; did you mean “%(nearest)s”?"
    ),
    "property-twice": N_("“%(property)s” is given more than once; expected once."),
    "not-texts": N_("“%(property)s” is not an object of texts by language."),
    "not-a-unit": N_("“unit” is not an object of words by language and plural form."),
    "not-a-salt": N_("“%(found)s” is no salt; expected 64 hexadecimal digits in lower case."),
    "not-a-plural": N_(
        "the unit in “%(language)s” has a form “%(found)s”; plural forms are %(known)s."
    ),
    "missing-plurals": N_(
        "the unit in “%(language)s” has no form %(missing)s; each count needs its own."
    ),
    # Weight sets.
    "no-weight-set": N_("there is no weight set file here."),
    "not-a-weight-set": N_(
        "expected the JSON file of a weight set: “Download as JSON” gives it, and "
        "./steelyard weigh -o writes it."
    ),
    "no-format": N_("this is no weight set: it does not say “format”: “%(expected)s”."),
    "unknown-format": N_(
        "the weight set has the format “%(found)s”; this version reads “%(expected)s”."
    ),
    "damaged-section": N_("the section “%(section)s” was changed: its checksum differs."),
    "missing-section": N_("the section “%(section)s” is missing."),
    "added-section": N_("the section “%(section)s” was added: no checksum covers it."),
    "damaged-digests": N_(
        "the checksums of the sections were changed: the checksum over all of them differs."
    ),
    "not-canonical": N_(
        "from here on the file is not in its canonical form; the checksum of every section is "
        "correct."
    ),
    "faulty-section": N_("the section “%(section)s” does not hold what the format asks for."),
    "faulty-weights": N_(
        "the weights under “%(parent)s” are not positive shares of 1, one for each item."
    ),
    "faulty-global": N_("the global weight of “%(code)s” is not the product of its local ones."),
    # Notes: nothing wrong, but worth a look.
    "column-ignored": N_("the column is not part of the format and was ignored."),
    "column-ignored-nearest": N_(
        "the column is not part of the format and was ignored; did you mean “%(nearest)s”?"
    ),
    "column-read-as": N_("the column was read as “%(name)s”."),
    "words-read-as": N_(
        "“%(found)s” was read as “%(name)s”, which differs only in case, blanks, hyphens or "
        "characters that are not seen."
    ),
    "read-as-gb18030": N_("the file is not UTF-8 and was read as GB18030."),
    "read-as-utf-16": N_("the file is not UTF-8 and was read as UTF-16."),
    "looks-alike": N_("“%(found)s” and “%(nearest)s” look alike and were read as two."),
    "file-ignored": N_("the file was ignored; did you mean “%(nearest)s”?"),
}
