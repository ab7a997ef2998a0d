//! `debug`: a provider that Terraform attaches to instead of starting one.

use serde_json::{Value, json};

use super::{block_on, say};
use crate::provider::Provider;
use crate::wire::{Caller, Life, Server, StartedBy, log};

/// Where Terraform and OpenTofu look for the provider `quiltdata/quilt`.
const ADDRESSES: [&str; 2] =
    ["registry.terraform.io/quiltdata/quilt", "registry.opentofu.org/quiltdata/quilt"];

/// Serves without TLS on a socket that only this user can reach, until Ctrl-C.
pub fn serve() -> anyhow::Result<()> {
    let provider = Provider::default();
    log::start(&provider.veil);
    block_on(async {
        let life = Life::default();
        life.follow(StartedBy::Person)?;
        let server = Server::open(provider, &Caller::default(), life)?;
        say(&format!(
            "Set this where Terraform runs, and end with Ctrl-C:\n\nTF_REATTACH_PROVIDERS='{}'\n",
            reattach(server.address())
        ))?;
        Ok(server.run().await?)
    })?
}

fn reattach((network, address): (&str, &str)) -> Value {
    let how = json!({
        "Protocol": "grpc", "ProtocolVersion": 6, "Pid": std::process::id(), "Test": true,
        "Addr": { "Network": network, "String": address },
    });
    ADDRESSES.iter().map(|at| (at.to_string(), how.clone())).collect()
}
