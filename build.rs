//! Makes Rust of the files in `proto/`. `PROTOC` and `PROTOC_INCLUDE` come from `.cargo/config.toml`.

fn main() -> std::io::Result<()> {
    tonic_prost_build::configure()
        .build_transport(false)
        .compile_protos(&["proto/tfplugin6.proto", "proto/goplugin.proto", "proto/health.proto"], &["proto"])
}
