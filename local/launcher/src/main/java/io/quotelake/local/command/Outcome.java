package io.quotelake.local.command;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for something that another thread does. */
final class Outcome {

    private Outcome() {}

    /** Its value; what it throws is thrown as it is. */
    static <T> T of(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
