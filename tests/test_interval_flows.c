/* test_interval_flows.c - the text about each flow in a row: short where all is well, and what was not. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "record/interval_flows.h"

static void is_text(const char *interval, const char *seen, const char *wanted)
{
    json_t *json = json_loads(interval, 0, NULL);
    char *text = interval_flows_text(json, seen);
    CHECK((text == NULL && wanted == NULL) || (text && wanted && strcmp(text, wanted) == 0), "%s%s: %s", interval, seen,
          text ? text : "none");
    free(text);
    json_decref(json);
}

#define STREAM(socket, rest) "{\"socket\":" #socket "," rest "}"
#define WELL(socket) STREAM(socket, "\"packets\":54,\"lost_packets\":0")

int main(void)
{
    /* fd late loss_runs longest_run out_of_order duplicates p99 max silences silence shift */
    is_text("{\"streams\":[" WELL(5) "," WELL(6) "," WELL(7) "]}", "", "54 54 54");
    is_text("{\"streams\":[" WELL(5) "," WELL(6) "," WELL(7) "]}",
            "5 0 0 0 0 0 12 40 0 20000 nan\n6 0 0 0 0 0 15 90 0 20000 nan\n7 0 0 0 0 0 212 400 0 20000 nan\n",
            "54 54 54");
    is_text("{\"streams\":[" WELL(5) "," WELL(6) "," WELL(7) "]}",
            "7 0 0 0 2 1 9000 9500 1 320000 -2000\n5 0 0 0 0 0 12 40 0 20000 nan\n6 0 0 0 0 0 15 90 0 20000 nan\n",
            "54 54 54o2d1p9000m9500n1s320000b-2000");
    is_text("{\"streams\":[" WELL(5) "," STREAM(6, "\"packets\":53,\"lost_packets\":3") "]}",
            "6 1 2 1 0 0 nan nan 0 nan nan\n", "54 53l2r2g1");
    is_text("{\"streams\":[" STREAM(5, "\"packets\":54") "," STREAM(6, "\"packets\":55") "]}", "", "54 55");
    is_text("{\"streams\":[" STREAM(5, "\"packets\":\"many\"") "," WELL(6) ",7,null]}", "", "? 54 ? ?");
    is_text("{\"streams\":[" STREAM(5, "\"packets\":1e300,\"lost_packets\":-5") "]}", "5\n\n-1 x\n5 1 2",
            "100000000000000000l-5");
    is_text("{\"streams\":[]}", "", NULL);
    is_text("{\"streams\":5}", "", NULL);
    is_text("{}", "5 0", NULL);
    return CHECK_DONE();
}
