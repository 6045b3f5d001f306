//! Inviting people, and accepting an invitation.

pub mod accept;
pub mod manage;
mod platform;
