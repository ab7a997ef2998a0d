//! Makes Rust of the files in `proto/`. `PROTOC` and `PROTOC_INCLUDE` come from `.cargo/config.toml`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    // Without this, cargo makes it all anew after a change of any file.
    writeln!(std::io::stdout(), "cargo::rerun-if-changed=proto")?;
    tonic_prost_build::configure().build_transport(false).compile_protos(
        &["proto/tfplugin6.proto", "proto/goplugin.proto", "proto/health.proto"],
        &["proto"],
    )
}
