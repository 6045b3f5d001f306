//! Why a sign-in ends without anybody signed in.

use outbound::OutboundError;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The answer is of another attempt.
    #[error("the answer has another state than the attempt")]
    State,
    /// The answer is of another provider.
    #[error("the answer names another issuer, or none where the provider promised one")]
    Issuer,
    /// The provider gave no tokens for the code.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The ID token does not hold.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// The provider's keys or its words on the person could not be had.
    #[error("asking the provider: {0}")]
    Outbound(#[from] OutboundError),
    /// It answered something else than it should.
    #[error("the provider's answer to {0} is not what the standard says")]
    Answer(&'static str),
}

/// Why the provider gave no tokens.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// It was not asked, or did not answer.
    #[error("asking for tokens: {0}")]
    Outbound(OutboundError),
    /// It refuses: the code was used or is another client's, the secret is wrong, …
    #[error("the provider refuses: {0}")]
    Refused(String),
    /// It answered something else.
    #[error("the provider's answer holds no ID token")]
    Answer,
}

/// Why a token does not hold.
#[derive(Debug, thiserror::Error)]
pub enum IdTokenError {
    /// Not a token, or its signature does not hold.
    #[error("the ID token does not hold: {0}")]
    Token(#[from] jsonwebtoken::errors::Error),
    /// Signed in a way that is not taken.
    #[error("the ID token's algorithm is not taken")]
    Algorithm,
    /// Signed with a key that the provider does not publish.
    #[error("no published key fits the ID token")]
    Key,
    /// A claim is missing or not as it must be.
    #[error("the ID token's {0} is missing or wrong")]
    Claim(&'static str),
}
