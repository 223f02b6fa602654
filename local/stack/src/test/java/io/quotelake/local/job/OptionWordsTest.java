package io.quotelake.local.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionWordsTest {

    @ParameterizedTest
    @CsvSource({
        "'', --append, --append",
        "--roll-size 1mb, '', --roll-size 1mb",
        "--roll-size 1mb --no-lineage, --on-data-loss skip, --roll-size 1mb --no-lineage --on-data-loss skip",
        "--roll-size 1mb --compression zstd, --roll-size=2mb, --compression zstd --roll-size=2mb",
        "--roll-size=1mb --compression zstd, --roll-size 2mb, --compression zstd --roll-size 2mb",
        "--no-lineage --append, --append, --no-lineage --append",
        "--kafka-property a=1 --append, --kafka-property b=2, --kafka-property a=1 --append --kafka-property b=2"
    })
    void whatIsGivenNowTakesThePlaceOfTheSameBefore(String before, String now, String words) {
        assertThat(String.join(" ", OptionWords.changed(words(before), words(now))))
                .isEqualTo(words);
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
