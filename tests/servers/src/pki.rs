//! Certificates for servers that live as long as a test or a local cluster.
//!
//! One authority signs everything, with EC keys. Must not be used for anything that outlives its machine: keys lie
//! beside the certificates, unprotected.

use anyhow::{Context, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};

/// OID of the organisation's name. A distinguished name of rcgen keeps one value a type, and Kubernetes reads every
/// organisation as a group; naming the type by its OID makes room for a second one.
const ORGANISATION: [u64; 4] = [2, 5, 4, 10];

/// A certificate and its key, as PEM.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pair: Pair,
}

impl Authority {
    /// A new authority with a key of its own.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let key = KeyPair::generate().context("a key for the authority")?;
        let mut parameters = parameters(name, &[], Vec::new())?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        let certificate = parameters.self_signed(&key).context("signing the authority's certificate")?;
        let pair = Pair { certificate: certificate.pem(), key: key.serialize_pem() };
        Ok(Self { issuer: Issuer::new(parameters, key), pair })
    }

    /// The authority's own certificate, as PEM.
    pub fn certificate(&self) -> &str {
        &self.pair.certificate
    }

    /// The authority's certificate and key, for programs that sign certificates themselves.
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// A certificate of a server, for these DNS names and addresses.
    pub fn server(&self, name: &str, subjects: &[&str]) -> anyhow::Result<Pair> {
        let subjects = subjects.iter().map(ToString::to_string).collect();
        self.sign(name, &[], subjects, &[ExtendedKeyUsagePurpose::ServerAuth])
    }

    /// A certificate of a user, in these groups (two at most).
    pub fn client(&self, user: &str, groups: &[&str]) -> anyhow::Result<Pair> {
        self.sign(user, groups, Vec::new(), &[ExtendedKeyUsagePurpose::ClientAuth])
    }

    /// A certificate of a node: a user, and a server at these addresses.
    pub fn node(&self, user: &str, groups: &[&str], subjects: &[&str]) -> anyhow::Result<Pair> {
        let subjects = subjects.iter().map(ToString::to_string).collect();
        let usages = [ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(user, groups, subjects, &usages)
    }

    fn sign(
        &self,
        name: &str,
        groups: &[&str],
        subjects: Vec<String>,
        usages: &[ExtendedKeyUsagePurpose],
    ) -> anyhow::Result<Pair> {
        let key = KeyPair::generate().with_context(|| format!("a key for {name}"))?;
        let mut parameters = parameters(name, groups, subjects)?;
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.extended_key_usages = usages.to_vec();
        let certificate = parameters
            .signed_by(&key, &self.issuer)
            .with_context(|| format!("signing the certificate of {name}"))?;
        Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

/// A key pair for signing the tokens of service accounts: private and public key, as PEM.
pub fn signing_keys() -> anyhow::Result<(String, String)> {
    let key = KeyPair::generate().context("a key for tokens")?;
    Ok((key.serialize_pem(), key.public_key_pem()))
}

fn parameters(name: &str, groups: &[&str], subjects: Vec<String>) -> anyhow::Result<CertificateParams> {
    ensure!(
        groups.len() <= 2,
        "{name}: a certificate made here holds at most two groups, not {}",
        groups.len()
    );
    let mut parameters = CertificateParams::new(subjects).with_context(|| format!("names of {name}"))?;
    let mut subject = DistinguishedName::new();
    for (kind, group) in
        [DnType::OrganizationName, DnType::CustomDnType(ORGANISATION.to_vec())].into_iter().zip(groups)
    {
        subject.push(kind, *group);
    }
    subject.push(DnType::CommonName, name);
    parameters.distinguished_name = subject;
    Ok(parameters)
}
