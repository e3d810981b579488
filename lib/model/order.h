/* order.h - the order in which the datagrams of an interval arrived. */
#ifndef ORDER_H
#define ORDER_H

/* Sums over the streams that this host receives; NAN if unknown. late is 0 except in a session's last interval. */
struct order {
    double out_of_order; /* datagrams with a smaller number than an earlier one (RFC 4737, 3.3: reordered) */
    double duplicates;   /* datagrams that had already arrived (RFC 5560); they are not counted as out of order as
                          * well */
    double late;         /* those out of order that arrived after the test, and that libiperf counts as lost */
};

#endif
