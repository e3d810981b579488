/* order.h - in what order the datagrams of an interval came. */
#ifndef ORDER_H
#define ORDER_H

/* Sums over the streams that this host receives; NAN when not known. late is 0 but in a session's last interval. */
struct order {
    double out_of_order; /* datagrams with a smaller number than one that came before (RFC 4737, 3.3: reordered) */
    double duplicates;   /* datagrams that had come before (RFC 5560); these are not out of order too */
    double late;         /* of those out of order: came when the test was over, and libiperf counts them as lost */
};

#endif
