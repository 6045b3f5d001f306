//! `operator secrets`: makes the platform's passwords and keys where they are absent; replaces nothing.
//!
//! The chart runs it before an install and before an upgrade: Helm itself would make new passwords whenever it
//! cannot look the old ones up.

use std::collections::BTreeMap;
use std::process::ExitCode;

use chrono::Utc;
use contract::kubernetes::labels;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{Api, ObjectMeta, PostParams};
use secrecy::ExposeSecret as _;

use crate::instance::credentials::{key, password};
use crate::options::SecretsOptions;
use crate::signing;

/// Makes each Secret that is absent.
pub(crate) async fn run(options: SecretsOptions) -> anyhow::Result<ExitCode> {
    let SecretsOptions { namespace, postgres, redis, database_server } = options;
    let api: Api<Secret> = Api::namespaced(kube::Client::try_default().await?, &namespace);
    let (id, pem) = signing::generate(Utc::now())?;
    make(&api, "abetworks-signing-keys", vec![(format!("{id}.pem"), pem)]).await?;
    make(&api, "abetworks-key-encryption", vec![("key".to_owned(), plain(&key()))]).await?;
    if let Some(address) = postgres {
        make_postgres(&api, &database_server, &address).await?;
    }
    if let Some(address) = redis {
        let secret = plain(&password());
        let url = format!("redis://abetworks:{secret}@{address}");
        make(&api, "abetworks-redis-admin", vec![("password".to_owned(), secret), ("url".to_owned(), url)])
            .await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The superuser's password stays with the server; operator and console get URLs of their own roles.
async fn make_postgres(api: &Api<Secret>, server: &str, address: &str) -> anyhow::Result<()> {
    let operator = plain(&password());
    let platform = plain(&password());
    let connection = format!("{server}-connection");
    make(
        api,
        &connection,
        vec![
            ("password".to_owned(), operator.clone()),
            (
                "url".to_owned(),
                format!("postgres://abetworks_operator:{operator}@{address}/tenants?sslmode=disable"),
            ),
        ],
    )
    .await?;
    make(
        api,
        "abetworks-platform-database",
        vec![
            ("superuser-password".to_owned(), plain(&password())),
            ("password".to_owned(), platform.clone()),
            (
                "url".to_owned(),
                format!("postgres://abetworks_platform:{platform}@{address}/platform?sslmode=disable"),
            ),
        ],
    )
    .await
}

fn plain(secret: &secrecy::SecretString) -> String {
    secret.expose_secret().to_owned()
}

async fn make(api: &Api<Secret>, name: &str, content: Vec<(String, String)>) -> anyhow::Result<()> {
    let secret = Secret {
        metadata: ObjectMeta {
            name: Some(name.to_owned()),
            labels: Some(BTreeMap::from([(labels::PART_OF.to_owned(), labels::PLATFORM.to_owned())])),
            ..ObjectMeta::default()
        },
        string_data: Some(content.into_iter().collect()),
        ..Secret::default()
    };
    match api.create(&PostParams::default(), &secret).await {
        Ok(_) => println!("Secret {name}: made"),
        Err(kube::Error::Api(status)) if status.code == 409 => {
            println!("Secret {name}: exists, left as it is");
        }
        Err(error) => return Err(anyhow::Error::new(error).context(format!("Secret {name}"))),
    }
    Ok(())
}
