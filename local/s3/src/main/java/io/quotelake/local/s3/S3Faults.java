package io.quotelake.local.s3;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Which share of the requests meets which fault.
 *
 * @param shares from 0 to 1 for each fault, together at most 1
 * @param delay how long {@link S3Fault#DELAY} takes
 */
public record S3Faults(Map<S3Fault, Double> shares, Duration delay) {

    public S3Faults {
        Map<S3Fault, Double> copy = new EnumMap<>(S3Fault.class);
        copy.putAll(shares);
        shares = Collections.unmodifiableMap(copy);
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (sum > 1 || shares.values().stream().anyMatch(share -> !(share >= 0))) {
            throw new IllegalArgumentException(
                    "Shares are from 0 to 1, together at most 1: " + shares);
        }
    }

    /** No fault at all. */
    public static S3Faults none() {
        return new S3Faults(Map.of(), Duration.ZERO);
    }

    /** These faults and one more. */
    public S3Faults with(S3Fault fault, double share) {
        Map<S3Fault, Double> more = new EnumMap<>(S3Fault.class);
        more.putAll(shares);
        more.put(fault, share);
        return new S3Faults(more, delay);
    }

    /** These faults and a delay of some requests. */
    public S3Faults withDelay(Duration time, double share) {
        return new S3Faults(shares, time).with(S3Fault.DELAY, share);
    }

    /**
     * The fault that the n-th request meets: always the same one for the same seed, number and
     * shares.
     */
    Optional<S3Fault> of(long seed, long request) {
        double point =
                new SplittableRandom(seed + request * 0x9E3779B97F4A7C15L).split().nextDouble();
        for (Map.Entry<S3Fault, Double> share : shares.entrySet()) {
            point -= share.getValue();
            if (point < 0) {
                return Optional.of(share.getKey());
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return shares.isEmpty()
                ? "no S3 faults"
                : shares.entrySet().stream()
                        .map(
                                share ->
                                        "%s for %.0f%%"
                                                .formatted(
                                                        name(share.getKey()),
                                                        100 * share.getValue()))
                        .collect(Collectors.joining(", ", "S3: ", ""));
    }

    private String name(S3Fault fault) {
        return switch (fault) {
            case INTERNAL_ERROR -> "500 InternalError";
            case SLOW_DOWN -> "503 SlowDown";
            case KEY_REVOKED -> "403 InvalidAccessKeyId";
            case CLOCK_SKEW -> "403 RequestTimeTooSkewed";
            case DELAY -> "%d s late".formatted(delay.toSeconds());
            case CUT_BODY -> "connection cut in mid-body";
            case LOST_ANSWER -> "work done, answer lost";
            case AWAY -> "away";
        };
    }
}
