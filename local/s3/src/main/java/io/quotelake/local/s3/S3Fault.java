package io.quotelake.local.s3;

/** What can happen to one S3 request. */
public enum S3Fault {
    /** Answered with 500 InternalError; the endpoint never sees it. */
    INTERNAL_ERROR,
    /** Answered with 503 SlowDown; the endpoint never sees it. */
    SLOW_DOWN,
    /**
     * Answered with 403 InvalidAccessKeyId, as S3 does once a key is deleted; the endpoint never
     * sees it.
     */
    KEY_REVOKED,
    /** Answered with 403 RequestTimeTooSkewed, as S3 does when the client's clock is wrong. */
    CLOCK_SKEW,
    /** Held back for the delay in force, and served then. */
    DELAY,
    /**
     * The connection is reset after half of the body: the request's if it has one, else the
     * answer's.
     */
    CUT_BODY,
    /** The endpoint does the work, and the connection is reset in place of its answer. */
    LOST_ANSWER,
    /** The connection is reset at once. */
    AWAY
}
