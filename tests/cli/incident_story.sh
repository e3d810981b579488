# incident_story.sh - made-up measurements of a mesh of four sites: what happened in them is what the report tells, and nothing else.
. tests/lib.sh
python3 tests/cli/incident_story.py check "$longhaul" 1-8 || failures=1
done_testing
