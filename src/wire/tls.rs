//! Mutual TLS for one caller: the certificate that Terraform announced, byte for byte, and nobody else.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rcgen::{CertificateParams, CertifiedKey, ExtendedKeyUsagePurpose, KeyPair};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;

use super::Error;

/// Chooses aws-lc for the whole process. Two backends are linked, and without a choice the first use of either would panic.
pub fn choose_cryptography() {
    // Chosen already: by us.
    drop(aws_lc_rs::default_provider().install_default());
}

/// Our side of the handshake.
pub struct Identity {
    /// Lets the one caller in.
    pub acceptor: TlsAcceptor,
    /// Our certificate, as the handshake line carries it.
    pub certificate: String,
}

/// A certificate made for this process alone, and the demand for `caller`, a PEM text.
pub fn identity(caller: &str) -> Result<Identity, Error> {
    let caller =
        CertificateDer::from_pem_slice(caller.as_bytes()).map_err(|_| Error::CallerCertificate)?;
    let CertifiedKey { cert, signing_key } = own_certificate()?;
    // Named here, because another part of the program may link a second one and the default would be ambiguous.
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(crypto.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_client_cert_verifier(Arc::new(OneCaller { certificate: caller, crypto }))
        .with_single_cert(
            vec![cert.der().clone()],
            PrivatePkcs8KeyDer::from(signing_key.serialize_der()).into(),
        )?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(Identity {
        acceptor: TlsAcceptor::from(Arc::new(config)),
        certificate: STANDARD_NO_PAD.encode(cert.der()),
    })
}

fn own_certificate() -> Result<CertifiedKey<KeyPair>, rcgen::Error> {
    let signing_key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(["localhost".to_string()])?;
    let now = OffsetDateTime::now_utc();
    // Clocks of virtual machines jump; a process never lives for a month.
    (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(30));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(CertifiedKey { cert: params.self_signed(&signing_key)?, signing_key })
}

/// Terraform's certificate calls itself an authority, which the usual verifier refuses in a client; and no chain says more than equality.
#[derive(Debug)]
struct OneCaller {
    certificate: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ClientCertVerifier for OneCaller {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        _chain: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *shown == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::UnknownIssuer.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("only TLS 1.3 is spoken here".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signed,
            &self.crypto.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}
