//! Tasks for people and CI.
fn main() -> anyhow::Result<()> {
    let to = std::path::Path::new(".tools");
    std::fs::create_dir_all(to.join("bin"))?;
    std::fs::copy(protoc_bin_vendored::protoc_bin_path()?, to.join("bin/protoc"))?;
    println!("{}", protoc_bin_vendored::include_path()?.display());
    Ok(())
}
