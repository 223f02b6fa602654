package io.quotelake.job.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quotelake.job.owner.OwnerObject.Resumable;
import io.quotelake.job.owner.OwnerObject.Writer;
import io.quotelake.job.task.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of the owner object by itself. */
class ClaimsTest {

    private static final String TABLE = "s3://bucket/stock_market";
    private static final String NOW = "2026-01-05T09:30:00Z";
    private static final Reached AT_7 = new Reached(0, 2, 7, Map.of(3, 10L), Map.of(3, 20L));

    private static Run run(String token, boolean append) {
        return new Run(token, TABLE, "day", "stock_market", "id", append);
    }

    private static Claims claims(String token) {
        return new Claims(run(token, false), "job-of-" + token, "host-of-" + token);
    }

    private static Claims appending(String token) {
        return new Claims(run(token, true), "job-of-" + token, "host-of-" + token);
    }

    private static Stamp files(String token, long checkpoint) {
        return new Stamp(token, checkpoint, 0, TABLE);
    }

    private static OwnerObject begun(String token) {
        return claims(token).create(SavedState.NONE, false, NOW);
    }

    private static OwnerObject published(String token, long checkpoint) {
        return publish(begun(token), token, checkpoint);
    }

    private static OwnerObject publish(OwnerObject object, String token, long checkpoint) {
        return claims(token).publish(object, files(token, checkpoint), Map.of(), NOW);
    }

    @Test
    void aFirstRunOwnsAnEmptyTable() {
        OwnerObject object = begun("a");

        assertThat(object.table()).isEqualTo(TABLE);
        assertThat(object.dateGranularity()).isEqualTo("day");
        assertThat(object.writers())
                .singleElement()
                .satisfies(
                        writer -> {
                            assertThat(writer.run()).isEqualTo("a");
                            assertThat(writer.jobId()).isEqualTo("job-of-a");
                            assertThat(writer.published()).isZero();
                        });
    }

    @Test
    void noStateOnATableThatWasWrittenIsRefused() {
        assertThatThrownBy(() -> claims("a").create(SavedState.NONE, true, NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(TABLE + " holds files already")
                .hasMessageContaining("--append");

        assertThatThrownBy(() -> claims("b").begin(published("a", 3), SavedState.NONE, NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("begins without a checkpoint or savepoint")
                .hasMessageContaining("job job-of-a (run a, on host-of-a since " + NOW)
                .hasMessageContaining("published up to checkpoint 3");
    }

    @Test
    void aSecondStartTakesOverFromOneThatHasPublishedNothing() {
        OwnerObject object = claims("b").begin(begun("a"), SavedState.NONE, NOW);

        assertThat(object.writer("b")).isPresent();
        assertThatThrownBy(() -> publish(object, "a", 1))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("belongs to another run now, to job job-of-b");
        assertThat(publish(object, "b", 1).writer("b").orElseThrow().published()).isOne();
    }

    @Test
    void aRunThatRestartsAfterAnotherOneHasTakenOverHearsWhoOwnsTheTable() {
        OwnerObject taken = claims("b").begin(published("a", 7), new SavedState("a", 7), NOW);
        OwnerObject object = publish(taken, "b", 8);

        assertThatThrownBy(() -> claims("a").begin(object, new SavedState("a", 7), NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("belongs to another run now, to job job-of-b");
    }

    @Test
    void whoWasDeposedDoesNotComeBack() {
        OwnerObject object = claims("b").begin(begun("a"), SavedState.NONE, NOW);

        assertThatThrownBy(() -> claims("a").begin(object, SavedState.NONE, NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("belongs to another run now");
    }

    @Test
    void aStateThatContainsAllThatIsPublishedIsAccepted() {
        OwnerObject object = published("a", 7);

        assertThat(claims("b").begin(object, new SavedState("a", 7), NOW).writer("b")).isPresent();
        assertThat(claims("b").begin(object, new SavedState("a", 9), NOW).writer("b")).isPresent();
    }

    @Test
    void anOlderStateIsRefusedAndTheNewestNamed() {
        assertThatThrownBy(() -> claims("b").begin(published("a", 7), new SavedState("a", 6), NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("checkpoint or savepoint 6 of run a")
                .hasMessageContaining("Resume its checkpoint or savepoint 7 or a later one")
                .hasMessageContaining("--output")
                .hasMessageContaining("delete " + TABLE + ".owner.json");
    }

    @Test
    void aForkOfHistoryIsRefusedHoweverHighItsCheckpoints() {
        OwnerObject object = claims("b").begin(published("a", 7), new SavedState("a", 7), NOW);
        OwnerObject later = publish(object, "b", 8);

        assertThatThrownBy(() -> claims("c").begin(later, new SavedState("a", 99), NOW))
                .isInstanceOf(Refusal.class);
        assertThat(claims("c").begin(later, new SavedState("b", 8), NOW).writer("c")).isPresent();
    }

    @Test
    void aRunThatHasPublishedNothingIsFollowedFromTheSameState() {
        SavedState state = new SavedState("a", 7);
        OwnerObject object = published("a", 7);
        for (int i = 0; i < 100; i++) {
            object = claims("try-" + i).begin(object, state, NOW);
        }

        assertThat(object.writers()).singleElement();
        assertThat(object.writers().get(0).resumable()).hasSize(32);
        assertThat(publish(object, "try-99", 8).writers().get(0).resumable())
                .containsExactly(new Resumable("try-99", 8));
    }

    @Test
    void restoredFilesAreClaimedAsPartOfTheStateThatHasThem() {
        OwnerObject begun = claims("b").begin(published("a", 7), new SavedState("a", 9), NOW);

        OwnerObject object = claims("b").publish(begun, files("a", 9), Map.of(), NOW);

        assertThat(claims("c").begin(object, new SavedState("a", 9), NOW).writer("c")).isPresent();
        assertThat(claims("c").begin(object, new SavedState("b", 1), NOW).writer("c")).isPresent();
        assertThatThrownBy(() -> claims("c").begin(object, new SavedState("a", 8), NOW))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aRoundThatAnotherTaskHasClaimedNeedsNoChange() {
        OwnerObject object = published("a", 7);

        assertThat(publish(object, "a", 7)).isSameAs(object);
        assertThat(publish(object, "a", 6)).isSameAs(object);
    }

    @Test
    void aRestartWithoutTheStateThatItNeedsIsRefused() {
        OwnerObject object = published("a", 7);

        assertThat(claims("a").begin(object, new SavedState("a", 7), NOW)).isSameAs(object);
        assertThatThrownBy(() -> claims("a").begin(object, SavedState.NONE, NOW))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> claims("a").begin(object, new SavedState("a", 6), NOW))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void appendAddsAWriterBesideTheOthersAndEachGoesOn() {
        OwnerObject both = appending("b").begin(published("a", 7), SavedState.NONE, NOW);

        OwnerObject object = publish(publish(both, "b", 1), "a", 8);

        assertThat(object.writers()).extracting(Writer::run).containsExactly("a", "b");
        assertThat(claims("c").begin(object, new SavedState("b", 1), NOW).writers())
                .extracting(Writer::run)
                .containsExactly("a", "c");
    }

    @Test
    void appendLeavesRoomForTheOlderVersionsJobThatWroteTheTable() {
        OwnerObject object = appending("b").create(SavedState.NONE, true, NOW);

        OwnerObject resumed = claims("a").begin(object, SavedState.before(5), NOW);

        assertThat(resumed.writers()).extracting(Writer::run).containsExactly("a", "b");
    }

    @Test
    void aTableOfAnEarlierVersionIsTakenOverWithItsState() {
        OwnerObject object = claims("a").create(SavedState.before(5), true, NOW);

        assertThat(claims("b").begin(object, SavedState.before(5), NOW).writer("b")).isPresent();
        assertThatThrownBy(() -> claims("b").begin(object, SavedState.before(4), NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("checkpoint or savepoint 4 of an earlier version");
    }

    @Test
    void aTaskThatIsNotToldWaitsForOneThatIs() {
        OwnerObject object = published("a", 7);

        assertThat(claims("b").create(SavedState.untold(5), true, NOW)).isNull();
        assertThat(claims("b").begin(object, SavedState.untold(5), NOW)).isSameAs(object);
        assertThatThrownBy(() -> publish(object, "b", 8)).isInstanceOf(Refusal.class);
        assertThat(publish(null, "b", 8).writer("b").orElseThrow().published()).isEqualTo(8);
    }

    @Test
    void anotherGranularityIsRefused() {
        Claims months =
                new Claims(
                        new Run("b", TABLE, "month", "stock_market", null, false), "job", "host");

        assertThatThrownBy(() -> months.begin(published("a", 7), new SavedState("a", 7), NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--date-granularity month is not that of " + TABLE)
                .hasMessageContaining("hold a day each");
    }

    @Test
    void whatIsFinishedIsKnownToThoseWhoResume() {
        OwnerObject noted = claims("a").finish(published("a", 7), Map.of(0, 7L), List.of());

        OwnerObject object = claims("b").begin(noted, new SavedState("a", 7), NOW);

        assertThat(Claims.isFinished(object, files("a", 7))).isTrue();
        assertThat(Claims.isFinished(object, new Stamp("a", 7, 1, TABLE))).isFalse();
        assertThat(Claims.isFinished(object, files("a", 8))).isFalse();
        assertThat(claims("a").finish(noted, Map.of(0, 6L), List.of())).isSameAs(noted);
    }

    @Test
    void howFarTheTasksHaveComeIsKnownUntilTheRunOrTheNextOnePublishesMore() {
        Reached second = new Reached(1, 2, 7, Map.of(4, 5L), Map.of(4, 6L));
        OwnerObject noted = claims("a").finish(published("a", 7), Map.of(), List.of(AT_7, second));
        assertThat(reached(noted)).containsExactly(AT_7, second);

        Reached again = new Reached(1, 2, 9, Map.of(4, 6L), Map.of(4, 6L));
        assertThat(reached(claims("a").finish(noted, Map.of(), List.of(again))))
                .containsExactly(AT_7, again);
        Reached rescaled = new Reached(0, 1, 9, Map.of(), Map.of());
        assertThat(reached(claims("a").finish(noted, Map.of(), List.of(rescaled))))
                .containsExactly(rescaled);

        OwnerObject taken = claims("b").begin(noted, new SavedState("a", 7), NOW);
        assertThat(reached(taken)).containsExactly(AT_7, second);
        assertThat(reached(publish(taken, "b", 8))).isEmpty();
        assertThat(claims("a").finish(taken, Map.of(), List.of(again))).isSameAs(taken);
    }

    private static List<Reached> reached(OwnerObject object) {
        return object.writers().get(0).reached();
    }

    @Test
    void itsJsonIsReadBackAndAnotherVersionRefused() {
        OwnerObject object =
                claims("a").finish(published("a", 7), Map.of(0, 7L, 12, 6L), List.of(AT_7));

        assertThat(OwnerObject.fromJson(object.toJson(), "here")).isEqualTo(object);
        assertThatThrownBy(() -> OwnerObject.fromJson("{\"version\":2}".getBytes(), "here"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("here has version 2, and this program knows 1");
        assertThatThrownBy(() -> OwnerObject.fromJson("<html>".getBytes(), "here"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("here is no owner object of a table");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"version\":1}",
                "{\"version\":1,\"table\":\"t\",\"date_granularity\":\"day\",\"writers\":[]}",
                "{\"version\":1,\"table\":\"t\",\"date_granularity\":\"day\",\"writers\":[{}]}",
                "{\"version\":1,\"table\":\"t\",\"date_granularity\":\"day\",\"writers\":[{\"resumable\":[{}]}]}"
            })
    void anObjectThatSomebodyHasChangedIsRefusedAndNotGuessedAt(String json) {
        assertThatThrownBy(() -> OwnerObject.fromJson(json.getBytes(), "here"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("here ");
    }

    @Test
    void everyChangeRaisesTheRevision() {
        OwnerObject first = begun("a");
        OwnerObject second = publish(first, "a", 1);
        OwnerObject third = claims("a").finish(second, Map.of(0, 1L), List.of());
        OwnerObject fourth = appending("b").begin(third, SavedState.NONE, NOW);

        assertThat(List.of(first, second, third, fourth))
                .extracting(OwnerObject::revision)
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void stampsAreReadBackAndFoldersAreNone() {
        Stamp stamp = new Stamp("a", 7, 3, "s3://bucket/a table");

        assertThat(Stamp.parse(stamp.text())).isEqualTo(stamp);
        assertThat(Stamp.parse("index=HSI/date=1986-12-31")).isNull();
    }
}
