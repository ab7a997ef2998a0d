//! What a person may run by hand.

mod debug;
pub mod docs;
mod function_page;
mod import_section;
mod schema_page;

use std::future::Future;
use std::io::{self, Write};

use anyhow::{Context, bail};

const HELP: &str = "\
terraform-provider-quilt: Quilt in your own AWS account, for Terraform and OpenTofu.

Terraform starts this program itself; see the README for how it finds it.
By hand:

  docs DIR   write DIR/docs from the schema and DIR/examples
  debug      serve until Ctrl-C, for a provider under a debugger
  version    print the version
";

/// Runs what the arguments ask for.
pub fn run(arguments: Vec<String>) -> anyhow::Result<()> {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["help" | "-h" | "-help" | "--help"] => {
            say(&format!("{HELP}\nVersion {}\n", env!("CARGO_PKG_VERSION")))
        }
        ["version" | "-version" | "--version"] => say(concat!(env!("CARGO_PKG_VERSION"), "\n")),
        ["docs", dir] => docs::write(dir.as_ref()),
        ["debug" | "-debug" | "--debug"] => debug::serve(),
        ["docs", ..] => {
            bail!("docs needs one argument: the folder that holds `examples` and gets `docs`.")
        }
        other => {
            bail!("there is no command `{}`. Run it without arguments to see all.", other.join(" "))
        }
    }
}

/// Prints to a person.
fn say(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("nothing can be printed")
}

/// Runs to its end on as many threads as a plugin needs: it waits more than it works.
pub fn block_on<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let done = runtime.block_on(work);
    // What still hangs, a look-up of a name for one, must not hold the end up.
    runtime.shutdown_background();
    Ok(done)
}
