package io.quotelake.local.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedLossesTest {
    @TempDir private Path logs;

    private static String lost(int letters, String records) {
        return "2026-11-27 10:00:00,000 ERROR taskmanager io.quotelake.job.deadletter.DeadLetterCommitter - "
                + "Lost: %d dead letters, of the records %s. The broker had ended their transaction"
                        .formatted(letters, records)
                + " quotelake/a/b/c/d/0-1 before it could be committed: it was open for longer\n";
    }

    @Test
    void eachTransactionCountsOnceInWhateverLogItStands() throws IOException {
        String first = lost(12, "quotes-3@1207 to quotes-3@1300");
        Files.writeString(logs.resolve("taskmanager-1.log.1"), "up\n" + first);
        Files.writeString(
                logs.resolve("taskmanager-1.log"),
                first + lost(1, "quotes-0@7 to quotes-0@7") + "Lost leader of quotes-0\n");
        Files.writeString(logs.resolve("jobmanager.log"), lost(5, "quotes-1@1 to quotes-1@9"));

        assertThat(new NamedLosses(logs).letters()).isEqualTo(13);
    }
}
