# shellcheck shell=sh disable=SC2034,SC2154
# The report of a run in the XML that systems for continuous integration read (JUnit's): a testcase for each
# check; `failure` where it found something wrong, `error` where it could not be carried out, `skipped` with the
# reason, and in `system-out` what is worth knowing all the same. The file is UTF-8, whatever it says.
#
#   junit_begin FILE      ends the program where FILE cannot be written; a report that is there goes
#   junit_end             writes it, from the rows that preflight.sh describes

# Functions for awk programs, besides those of json.sh: a byte that is no UTF-8, and a character that XML cannot
# hold, is written as a question mark.
junit_functions='
    function xml(text,    i, out, one, code, count) {
        if (text !~ /[^]!#-%(-;=?-~ ]/) return text
        for (i = 1; i <= length(text); i++) {
            one = substr(text, i, 1)
            code = json_code[one] + 0
            count = code > 127 ? json_length(text, i) : 1
            if (one == "&") out = out "&amp;"
            else if (one == "<") out = out "&lt;"
            else if (one == ">") out = out "&gt;"
            else if (one == "\"") out = out "&quot;"
            else if (one == "\t" || one == "\n" || one == "\r") out = out "&#" code ";"
            else if (code < 32 || code == 127 || !count) out = out "?"
            else if (count == 3 && code == 239 && json_code[substr(text, i + 1, 1)] == 191 &&
                json_code[substr(text, i + 2, 1)] > 189) { out = out "?"; i += 2 }
            else { out = out substr(text, i, count); i += count - 1 }
        }
        return out
    }
    # The same for text between tags, where a line stays a line.
    function xml_text(text) {
        text = xml(text)
        gsub(/&#10;/, "\n", text)
        return text
    }
    function seconds(milliseconds) { return sprintf("%d.%03d", milliseconds / 1000, milliseconds % 1000) }
'

junit_begin() {
    junit_file=$1
    case $1 in
    /* | ./*) ;;
    *) junit_file=./$1 ;;
    esac
    [ ! -d "$junit_file" ] || die 73 "cannot write the report $1: there is a folder of that name"
    if [ -s "$junit_file" ]; then
        junit_head=$(head -c 5 -- "$junit_file") || junit_head=
        [ "$junit_head" = '<?xml' ] || die 73 "$1 is there already, and is no report" "name another file"
    fi
    junit_parent=${junit_file%/*}
    (umask "$caller_umask" && mkdir -p -- "${junit_parent:-/}") 2>"$scratch/error" ||
        die 73 "cannot create the folder ${junit_parent#./}" "check its parent and the permissions"
    scratch_file=$(mktemp "$junit_parent/.new.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot write in the folder ${junit_parent#./}" "check its permissions and the free space"
    rm -f -- "$junit_file"
}

junit_end() {
    junit_now=$(date -u +%Y-%m-%dT%H:%M:%S) || die 69 "cannot ask for the date"
    JUNIT_DATABASE=$engine_shown awk -v now="$junit_now" "$json_functions$junit_functions"'
        BEGIN { RS = "\036"; FS = "\037"; json_begin() }
        FILENAME == ARGV[1] {
            line = $2 ": " $3 ($4 == "" ? "" : "\nhint: " $4) "\n"
            if ($2 == "error" && !($1 in why)) {
                why[$1] = $3
                sub(/\n.*/, "", why[$1])
            }
            if ($2 == "error") wrong[$1] = wrong[$1] line; else known[$1] = known[$1] line
            next
        }
        { number++; name[number] = $1; result[number] = $2; time[number] = $3; summary[number] = $4; all += $3; count[$2]++ }
        END {
            head = " tests=\"" number "\" failures=\"" count["problem"] + 0 "\" errors=\"" count["failed"] + 0 \
                "\" skipped=\"" count["skipped"] + 0 "\" time=\"" seconds(all) "\""
            print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            print "<testsuites name=\"preflight\"" head ">"
            print "  <testsuite name=\"preflight\"" head " timestamp=\"" now "\">"
            print "    <properties><property name=\"database\" value=\"" xml(ENVIRON["JUNIT_DATABASE"]) "\"/></properties>"
            for (i = 1; i <= number; i++) {
                print "    <testcase classname=\"preflight\" name=\"" xml(name[i]) "\" time=\"" seconds(time[i]) "\">"
                tag = result[i] == "problem" ? "failure" : "error"
                if (result[i] == "skipped") print "      <skipped message=\"" xml(summary[i]) "\"/>"
                else if (result[i] != "passed") print "      <" tag " message=\"" xml(why[name[i]]) "\">" xml_text(wrong[name[i]]) "</" tag ">"
                if (known[name[i]] != "") print "      <system-out>" xml_text(known[name[i]]) "</system-out>"
                print "    </testcase>"
            }
            print "  </testsuite>\n</testsuites>"
        }' "$preflight_findings" "$preflight_checks" >"$scratch_file" || die 74 "cannot write the report ${junit_file#./}" "check the free space"
    junit_last=$(tail -n 1 -- "$scratch_file") || junit_last=
    [ "$junit_last" = '</testsuites>' ] || die 74 "cannot write the report ${junit_file#./}" "check the free space"
    { mode_of_new "$scratch_file" && mv -f -- "$scratch_file" "$junit_file"; } || die 73 "cannot give the report its name ${junit_file#./}"
    scratch_file=
}
