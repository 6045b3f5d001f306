//! A port on the loopback address that nobody else gets while it is held.

use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;

use anyhow::Context;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket, sockopt};

/// A reserved port. The socket is bound and never listens, so no connection reaches it; a program that sets
/// `SO_REUSEPORT` too can listen on the port, any other is refused it.
#[derive(Debug)]
pub struct Port {
    number: u16,
    _socket: OwnedFd,
}

impl Port {
    /// Any free port.
    pub fn reserve() -> anyhow::Result<Self> {
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).context("a socket")?;
        sockopt::set_socket_reuseport(&socket, true).context("sharing a port")?;
        bind(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).context("binding to a free port")?;
        let address: SocketAddr = getsockname(&socket)?.try_into().context("the socket's address")?;
        Ok(Self { number: address.port(), _socket: socket })
    }

    /// Its number.
    pub fn number(&self) -> u16 {
        self.number
    }
}
