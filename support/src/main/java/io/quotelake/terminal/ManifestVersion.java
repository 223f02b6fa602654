package io.quotelake.terminal;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The version of the build, from the manifest of the jar that has the commands. */
public final class ManifestVersion implements IVersionProvider {
    @Spec private CommandSpec spec;

    @Override
    public String[] getVersion() {
        String version =
                spec.root().userObject().getClass().getPackage().getImplementationVersion();
        return new String[] {
            spec.root().name() + " " + (version == null ? "(not packaged)" : version)
        };
    }
}
