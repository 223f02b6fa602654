package io.quotelake.local.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Ties a program to this JVM: it ends when this JVM does, however that ends. A shell beside the
 * program sees that this JVM has gone, asks the program to end, and ends it by force ten seconds
 * later. The program itself has the process id that {@link ProcessBuilder#start} returns.
 */
public final class Leash {
    /** Ends the program that this shell becomes, from the subshell beside it. */
    private static final String END =
            """
            kill $$ 2>/dev/null || exit
            rounds=0
            while kill -0 $$ 2>/dev/null; do
                [ $rounds -lt 100 ] || kill -9 $$
                rounds=$((rounds + 1))
                sleep 0.1
            done
            """;

    /** A pipe that only this JVM holds ends with it. An ignored signal stays ignored over exec. */
    private static final String PIPED =
            "trap '' INT HUP\nexec 3<&0\n{ read -r gone\n"
                    + END
                    + "} <&3 3<&- >/dev/null 2>&1 &\nexec \"$@\" </dev/null 3<&-";

    private static final String WATCHING =
            "launcher=$1; shift\n{ trap '' INT HUP\n"
                    + "while kill -0 $launcher && kill -0 $$; do sleep 1; done\n"
                    + END
                    + "} </dev/null >/dev/null 2>&1 &\nexec \"$@\"";

    private Leash() {}

    /**
     * The words for a program in the background: it has no standard input, and Ctrl-C does not
     * reach it. Its standard input must stay a pipe of this JVM, as {@link ProcessBuilder} makes
     * it.
     */
    public static List<String> inBackground(List<String> program) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", PIPED, "sh"));
        words.addAll(program);
        return words;
    }

    /** The words for a program that has the user's terminal, with its standard input and Ctrl-C. */
    public static List<String> onTerminal(List<String> program) {
        String launcher = Long.toString(ProcessHandle.current().pid());
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", WATCHING, "sh", launcher));
        words.addAll(program);
        return words;
    }
}
