package io.quotelake.local;

import io.quotelake.local.stack.StateDirectory;
import java.nio.file.Path;

/**
 * What every command works with.
 *
 * @param installation the built project
 * @param settings the environment and {@code .env}
 * @param state where the local stack keeps everything: {@code .quotelake} in the project's root
 * @param console what the user sees
 */
public record Workspace(
        Installation installation, Settings settings, StateDirectory state, Console console) {

    /** Of this process. */
    public static Workspace current() {
        Installation installation = Installation.current();
        Path state = installation.home().resolve(".quotelake");
        return new Workspace(
                installation,
                Settings.of(installation),
                new StateDirectory(state),
                Console.standard());
    }

    /** Without the broker that the user names elsewhere: a demo never publishes to it. */
    public Workspace withOwnBroker() {
        return new Workspace(installation, settings.withoutBrokers(), state, console);
    }
}
