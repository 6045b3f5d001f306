//! The client's address: the right-most `X-Forwarded-For` entry that is not one of ours.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;

/// Networks of routers whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request that came from `peer`.
    pub(crate) fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let mut client = peer?.ip().to_canonical();
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let forwarded: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
        for entry in forwarded.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            match entry.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        Some(client)
    }
}

/// What guessing is counted by: IPv6 customers have a /64 each, IPv4 ones at least their /24's neighbours.
pub(crate) fn prefix(address: IpAddr) -> String {
    let bits = if address.is_ipv4() { 24 } else { 64 };
    IpNet::new(address, bits).map_or_else(|_| address.to_string(), |network| network.trunc().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().expect("a network")]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a value"));
        }
        let peer = SocketAddr::new(peer.parse().expect("an address"), 1);
        proxies.client(Some(peer), &headers).expect("a client").to_string()
    }

    #[test]
    fn only_what_our_own_routers_added_is_believed() {
        assert_eq!(client("10.0.0.1", &["1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9, 1.2.3.4, 10.0.0.2"]), "1.2.3.4");
        assert_eq!(client("10.0.0.1", &["9.9.9.9", "1.2.3.4"]), "1.2.3.4");
        assert_eq!(client("1.2.3.4", &["9.9.9.9"]), "1.2.3.4", "a stranger may say what it likes");
        assert_eq!(client("10.0.0.1", &["nonsense"]), "10.0.0.1");
    }

    #[test]
    fn neighbours_share_a_count() {
        assert_eq!(prefix("1.2.3.4".parse().expect("an address")), "1.2.3.0/24");
        assert_eq!(prefix("2001:db8:1:2:3::4".parse().expect("an address")), "2001:db8:1:2::/64");
    }
}
