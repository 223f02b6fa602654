package io.quotelake.local.stack;

import io.quotelake.terminal.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What every command works with.
 *
 * @param installation the built project
 * @param settings the environment and {@code .env}, and after them the topic and bucket of the
 *     stack that runs
 * @param state where the local stack keeps everything: {@code .quotelake} in the project's root, or
 *     what the system property {@code quotelake.state} names
 * @param console what the user sees
 */
public record Workspace(
        Installation installation, Settings settings, StateDirectory state, Console console) {

    /** Of this process. */
    public static Workspace current() {
        Installation installation = Installation.current();
        StateDirectory state =
                new StateDirectory(
                        Path.of(
                                System.getProperty(
                                        "quotelake.state", installation.home() + "/.quotelake")));
        Settings said = Settings.of(installation);
        try {
            Settings settings =
                    RunningStack.find(state)
                            .map(stack -> said.orElse(stack.topic(), stack.bucket()))
                            .orElse(said);
            return new Workspace(installation, settings, state, Console.standard());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without the broker that the user names elsewhere: a demo never publishes to it. */
    public Workspace withOwnBroker() {
        return new Workspace(installation, settings.withoutBrokers(), state, console);
    }
}
