package io.quotelake.local.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A job's options as words: {@code --name value}, {@code --name=value} or {@code --flag}. */
final class OptionWords {
    /** Given more than once, each is another setting, and the last one of a setting holds. */
    private static final String REPEATABLE = "--kafka-property";

    private OptionWords() {}

    /** All options of before, but those that are given now, and after them what is given now. */
    static List<String> changed(List<String> before, List<String> now) {
        Set<String> given =
                options(now).stream().map(OptionWords::name).collect(Collectors.toSet());
        List<String> words = new ArrayList<>();
        for (List<String> option : options(before)) {
            String name = name(option);
            if (!given.contains(name) || name.equals(REPEATABLE)) {
                words.addAll(option);
            }
        }
        words.addAll(now);
        return words;
    }

    /** Each option with its values. */
    private static List<List<String>> options(List<String> words) {
        List<List<String>> options = new ArrayList<>();
        for (String word : words) {
            if (options.isEmpty() || word.startsWith("--")) {
                options.add(new ArrayList<>());
            }
            options.get(options.size() - 1).add(word);
        }
        return options;
    }

    private static String name(List<String> option) {
        return option.get(0).split("=", 2)[0];
    }
}
