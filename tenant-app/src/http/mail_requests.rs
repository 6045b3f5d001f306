//! Requests for links by mail on their way from the endpoint to who sends them. Must not decide who gets one.

use tokio::sync::mpsc;

use super::client::Client;
use crate::domain::value::email::Email;

/// Requests that wait to be looked at; more are asked to come back.
const MOST_WAITING: usize = 100;

/// What for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    NewPassword,
    Registration,
    /// The other administrators are told that this person came in by an invitation of the platform.
    PlatformInvitationUsed,
}

/// Somebody has asked.
pub struct Asked {
    pub(crate) wish: Wish,
    pub(crate) email: Email,
    pub(crate) client: Client,
}

/// Where requests go, if mails can be sent.
#[derive(Clone)]
pub struct MailRequests(Option<mpsc::Sender<Asked>>);

impl MailRequests {
    /// Requests go to whoever holds the receiver.
    pub fn channel() -> (Self, mpsc::Receiver<Asked>) {
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        (Self(Some(sender)), receiver)
    }

    /// Without a mail server nobody can be sent a link: who manages people makes one.
    pub fn without_mail() -> Self {
        Self(None)
    }

    /// Where to send them; none without a mail server.
    pub(crate) fn sender(&self) -> Option<&mpsc::Sender<Asked>> {
        self.0.as_ref()
    }
}
