package io.quotelake.s3;

import java.io.IOException;

/**
 * S3 said no: access denied, wrong credentials, no such bucket, another region. To ask again is of
 * no use before somebody has changed something; the message says what.
 */
public final class S3RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    S3RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
