package io.quotelake.local;

import io.quotelake.local.stack.StateDirectory;
import java.nio.file.Path;

/**
 * What every command works with.
 *
 * @param installation the built project
 * @param settings the environment and {@code .env}
 * @param state where the local stack keeps everything: {@code .quotelake} in the project's root, or
 *     what the system property {@code quotelake.state} names
 * @param console what the user sees
 */
public record Workspace(
        Installation installation, Settings settings, StateDirectory state, Console console) {

    /** Of this process. */
    public static Workspace current() {
        Installation installation = Installation.current();
        String state = System.getProperty("quotelake.state", installation.home() + "/.quotelake");
        return new Workspace(
                installation,
                Settings.of(installation),
                new StateDirectory(Path.of(state)),
                Console.standard());
    }

    /** Without the broker that the user names elsewhere: a demo never publishes to it. */
    public Workspace withOwnBroker() {
        return new Workspace(installation, settings.withoutBrokers(), state, console);
    }
}
