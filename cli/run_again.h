/* run_again.h - what `run` says about records that can be continued. */
#ifndef RUN_AGAIN_H
#define RUN_AGAIN_H

#include <longhaul.h>

/* Before a run that was not asked to resume: refuses, with EXIT_MISUSED, when the folder has a journal of one of the
 * legs whose planned end is still to come when the leg would begin. delays_s may be NULL, start_unix_s 0. */
int run_again_check(const char *dir, const struct longhaul_leg *legs, const double *delays_s, size_t n,
                    int64_t start_unix_s);
/* After a run: if a leg was stopped that can be continued, says by which command. argv is that of cmd_run(). */
void run_again_say(const struct longhaul_run *run, size_t n_legs, char **argv);
/* "--new", or what getopt_long() accepts for it; "--resume" or "--resume-only", likewise. */
bool run_again_is_new_flag(const char *word);
bool run_again_is_resume_flag(const char *word);

#endif
