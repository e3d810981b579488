/* host.c - a program that has everything libiperf could collide with: its own functions of libiperf's names, text in an
 * unflushed stdout, an open file with unflushed text, a thread in printf and localtime, descriptors. Two legs at once
 * must work in it, and leave it all alone.
 *
 * host PORT PORT DIR FILE: prints one result line for each thing. */

#include <longhaul.h>

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int n_calls;
static atomic_bool is_over;

int gerror(void);
int create_socket(void);
int netdial(void);
void warning(const char *text);
int gerror(void) { return atomic_fetch_add(&n_calls, 1); }
int create_socket(void) { return atomic_fetch_add(&n_calls, 1); }
int netdial(void) { return atomic_fetch_add(&n_calls, 1); }
void warning(const char *text) { (void)text; atomic_fetch_add(&n_calls, 1); }

static void result(int good, const char *what)
{
    fprintf(stderr, "%s - host: %s\n", good ? "ok" : "not ok", what);
}

/* Holds stdio's and localtime()'s locks most of the time. */
static void *busy_thread(void *file)
{
    while (!atomic_load(&is_over)) {
        time_t now = time(NULL);
        struct tm *t = localtime(&now);
        fprintf(file, "%d", t ? t->tm_sec : 0);
        rewind(file);
    }
    return NULL;
}

/* 1000 for each engine child that lives, and 1 for each of its descriptors that leads to a path of ours. */
static int children_hold(const char *path)
{
    char command[64], link[256], target[256];
    int n_held = 0;
    snprintf(command, sizeof command, "/proc/%d/task", (int)getpid());
    DIR *tasks = opendir(command);
    struct dirent *task;
    while (tasks && (task = readdir(tasks)) != NULL) {
        char children[600];
        snprintf(children, sizeof children, "%s/%s/children", command, task->d_name);
        FILE *f = fopen(children, "r");
        int pid;
        while (f && fscanf(f, "%d", &pid) == 1) {
            char dir[64];
            snprintf(dir, sizeof dir, "/proc/%d/fd", pid);
            DIR *fds = opendir(dir);
            struct dirent *fd;
            while (fds && (fd = readdir(fds)) != NULL) {
                snprintf(link, sizeof link, "%s/%.20s", dir, fd->d_name);
                ssize_t n = readlink(link, target, sizeof target - 1);
                target[n > 0 ? n : 0] = 0;
                n_held += strcmp(target, path) == 0;
            }
            if (fds)
                closedir(fds);
            n_held += 1000;
        }
        if (f)
            fclose(f);
    }
    if (tasks)
        closedir(tasks);
    return n_held;
}

struct seen { int n[2]; int n_children; int n_held; const char *path; };

static enum longhaul_action on_interval(size_t leg, const struct longhaul_interval *interval, void *payload)
{
    struct seen *seen = payload;
    int held = children_hold(seen->path);
    (void)interval;
    seen->n[leg]++;
    if (held / 1000 > seen->n_children)
        seen->n_children = held / 1000;
    seen->n_held += held % 1000;
    return LONGHAUL_ACTION_CONTINUE;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    struct seen seen = { .path = argv[4] };
    struct longhaul_run_options options = { .dir = argv[3], .on_interval = on_interval, .payload = &seen };
    struct longhaul_leg legs[2] = { { .source = "A", .destination = "B", .peer = "127.0.0.1", .duration_s = 4 },
                                    { .source = "B", .destination = "A", .peer = "127.0.0.1", .duration_s = 4,
                                      .direction = LONGHAUL_DIRECTION_PULL } };
    struct longhaul_error err = { 0 };
    struct longhaul_run *run;
    pthread_t thread;
    FILE *busy = fopen("/dev/null", "w"), *unflushed = fopen(argv[4], "w");
    legs[0].port = (uint16_t)atoi(argv[1]);
    legs[1].port = (uint16_t)atoi(argv[2]);
    printf("pending text;");         /* no newline, no flush: must appear once */
    fprintf(unflushed, "file text;"); /* likewise */
    pthread_create(&thread, NULL, busy_thread, busy);
    int rc = longhaul_run_new(&options, &run, &err);
    for (int i = 0; i < 2 && rc == 0; i++)
        rc = longhaul_run_add(run, &legs[i], &err);
    if (rc == 0 && (rc = longhaul_run_start(run, &err)) == 0)
        rc = longhaul_run_wait(run, &err);
    result(rc == 0, rc == 0 ? "two legs at once end well" : err.text);
    result(seen.n[0] == 4 && seen.n[1] == 4, "four callbacks for each leg");
    result(seen.n_children >= 1 && seen.n_held == 0, "the children hold no descriptor of the host's");
    result(atomic_load(&n_calls) == 0, "its own gerror, create_socket, netdial, warning were never called");
    for (size_t i = 0; i < 2; i++) {
        const struct longhaul_outcome *o = longhaul_run_outcome(run, i);
        result(o && o->ending == LONGHAUL_ENDING_COMPLETE && o->n_intervals == 4 && access(o->result_path, R_OK) == 0,
               "a whole result");
    }
    longhaul_run_free(run);
    atomic_store(&is_over, 1);
    pthread_join(thread, NULL);
    fclose(busy);
    fclose(unflushed);
    printf("last text\n");
    return rc != 0;
}
