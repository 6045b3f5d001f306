//! Mails to people: what they say, and how they leave. Must not decide who gets one.

use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::domain::value::email::Email;

/// Nobody waits longer for a mail server.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sends mails through one server, from one address.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// The mail server or the sender is not as it must be.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The parser's own reason may quote the URL, which holds the password.
    #[error("SMTP_URL is not a URL like smtps://user:password@mail.example.com")]
    Url,
    /// No address, or none that mails can come from.
    #[error("SMTP_FROM is not an address like `Acme CRM <crm@example.com>`")]
    From,
}

/// A mail could not be handed over.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    /// The address cannot be written to.
    #[error("the address is none that mail servers take")]
    Address,
    /// The mail could not be put together.
    #[error("the message: {0}")]
    Message(#[from] lettre::error::Error),
    /// The server did not take it.
    #[error("the mail server: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

impl Mailer {
    /// Connects when the first mail is sent. `smtp://` speaks plainly unless `?tls=required` follows.
    pub fn new(url: &str, from: &str) -> Result<Self, MailerError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| MailerError::Url)?;
        let from = from.parse().map_err(|_| MailerError::From)?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    /// Sends the link by which somebody sets a new password.
    pub(crate) async fn send_reset(
        &self,
        address: &str,
        organisation: &str,
        language: Option<&str>,
        url: &str,
    ) -> Result<(), MailError> {
        self.send(address, reset(organisation, language, url)).await
    }

    /// Sends the link by which somebody registers.
    pub(crate) async fn send_registration(
        &self,
        address: &str,
        organisation: &str,
        url: &str,
    ) -> Result<(), MailError> {
        self.send(address, registration(organisation, url)).await
    }

    /// Tells an administrator that somebody set a new password by an invitation of the platform.
    pub(crate) async fn send_platform_invitation_used(
        &self,
        address: &str,
        organisation: &str,
        language: Option<&str>,
        person: &Email,
    ) -> Result<(), MailError> {
        self.send(address, platform_invitation_used(organisation, language, person)).await
    }

    async fn send(&self, address: &str, (subject, body): (String, String)) -> Result<(), MailError> {
        let to = Email::parse(address).and_then(|email| email.to_ascii()).ok_or(MailError::Address)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body)?;
        self.transport.send(message).await?;
        Ok(())
    }
}

fn reset(organisation: &str, language: Option<&str>, url: &str) -> (String, String) {
    match language {
        Some("de") => (
            format!("Neues Passwort für {organisation}"),
            format!(
                "Guten Tag,\n\nüber diesen Link setzen Sie ein neues Passwort für {organisation}. Er funktioniert einmal, \
                 zwei Stunden lang:\n\n{url}\n\nWenn Sie das nicht angefordert haben, müssen Sie nichts tun.\n"
            ),
        ),
        _ => (
            format!("New password for {organisation}"),
            format!(
                "Hello,\n\nset a new password for {organisation} with this link. It works once, for two hours:\n\n{url}\n\n\
                 If you did not ask for it, you need not do anything.\n"
            ),
        ),
    }
}

fn platform_invitation_used(organisation: &str, language: Option<&str>, person: &Email) -> (String, String) {
    let person = person.as_str();
    match language {
        Some("de") => (
            format!("{organisation}: {person} hat über die Plattform ein neues Passwort gesetzt"),
            format!(
                "Guten Tag,\n\n{person} hat mit einer Einladung der Plattform ein neues Passwort für {organisation} gesetzt \
                 und ist angemeldet. Rechte haben sich nicht geändert.\n\nWenn Sie das nicht erwarten, deaktivieren Sie die \
                 Person unter Einstellungen, Personen, und fragen Sie, wer die Einladung veranlasst hat.\n"
            ),
        ),
        _ => (
            format!("{organisation}: {person} set a new password through the platform"),
            format!(
                "Hello,\n\n{person} set a new password for {organisation} with an invitation of the platform, and is signed \
                 in. Nobody's rights changed.\n\nIf you did not expect this, deactivate the person under Settings, People, \
                 and ask who had the invitation made.\n"
            ),
        ),
    }
}

/// Nothing is known of the language of who is new: both.
fn registration(organisation: &str, url: &str) -> (String, String) {
    (
        format!("{organisation}: your registration / Ihre Anmeldung"),
        format!(
            "Hello,\n\nchoose a name and a password for {organisation} with this link. It works once, for 24 hours:\n\n{url}\n\n\
             If you did not ask for it, you need not do anything.\n\n--\n\nGuten Tag,\n\nüber den Link oben wählen Sie Namen \
             und Passwort für {organisation}. Er funktioniert einmal, 24 Stunden lang.\n\n\
             Wenn Sie das nicht angefordert haben, müssen Sie nichts tun.\n"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_setting_is_named_without_its_value() {
        let wrong = Mailer::new("smtp//x:hush-hush@y", "crm@example.com").err().expect("no URL");
        assert!(
            wrong.to_string().contains("SMTP_URL") && !wrong.to_string().contains("hush-hush"),
            "{wrong}"
        );
        assert!(matches!(Mailer::new("smtp://localhost", "nobody").err(), Some(MailerError::From)));
        assert!(Mailer::new("smtps://x:y@mail.example.com", "Acme CRM <crm@example.com>").is_ok());
    }

    #[test]
    fn a_mail_speaks_its_readers_language() {
        assert!(reset("Acme", Some("de"), "x").0.starts_with("Neues Passwort"));
        assert!(reset("Acme", None, "https://acme/reset#1").1.contains("\nhttps://acme/reset#1\n"));
    }
}
