//! Who is calling? Terraform is served; a person is told what this is.

use std::process::ExitCode;

use quilt_provider::provider::Provider;
use quilt_provider::{cli, wire};

/// What Terraform and OpenTofu say to a plugin before anything else. It keeps nobody out; it tells a program from a person.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

fn main() -> ExitCode {
    wire::choose_cryptography();
    match answer() {
        Ok(code) => code,
        Err(e) => {
            cli::complain(&format!("terraform-provider-quilt: {e:#}"));
            ExitCode::FAILURE
        }
    }
}

fn answer() -> anyhow::Result<ExitCode> {
    match std::env::var(COOKIE.0).as_deref() {
        Ok(cookie) if cookie == COOKIE.1 => {
            let provider = Provider::started();
            wire::log::start(&provider.veil);
            cli::block_on(wire::serve(provider))??;
            Ok(ExitCode::SUCCESS)
        }
        Ok(_) => anyhow::bail!(
            "{} is set, but not to what Terraform sets it to. Terraform starts this program; unset the variable to use it by hand.",
            COOKIE.0
        ),
        Err(_) => cli::run(std::env::args().skip(1).collect()),
    }
}
