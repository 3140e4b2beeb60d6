//! Whose address a request counts for: that of the socket or, where a trusted proxy sends it on, that of the proxy's client.

use super::problem::Problem;
use crate::app::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// Proxies write each address that a request came from behind those before it; further back anybody can write.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl Peer {
    /// The last address, read from behind, that is not one of the `trusted` proxies.
    pub fn resolve(socket: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let mut peer = socket.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for hop in hops.iter().rev() {
            if !is_in(trusted, peer) {
                break;
            }
            // An unreadable address was not written by a trusted proxy: the request counts for the address that
            // forwarded it.
            let Some(address) = parse_hop(hop.trim()) else { break };
            peer = address;
        }
        Self(peer)
    }

    pub fn address(self) -> IpAddr {
        self.0
    }

    /// The address by which requests and connections are counted.
    pub fn counted(self) -> IpAddr {
        counted(self.0)
    }
}

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Some(ConnectInfo(socket)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            tracing::error!("a request without the address of its connection");
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal"));
        };
        Ok(Self::resolve(socket.ip(), &parts.headers, &app.config.limits.trusted_proxies))
    }
}

/// An IPv4 address as it is; of IPv6 the network of 64 bits, all of which one subscriber has.
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

/// Whether this is one of the networks.
pub fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::parse_networks;

    fn resolve(socket: &str, forwarded: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        Peer::resolve(socket.parse().unwrap(), &headers, &parse_networks(trusted).unwrap()).address().to_string()
    }

    #[test]
    fn nobody_hides_behind_a_header_that_no_trusted_proxy_wrote() {
        assert_eq!(resolve("203.0.113.7", &["198.51.100.1"], ""), "203.0.113.7");
        assert_eq!(resolve("203.0.113.7", &["198.51.100.1"], "127.0.0.1"), "203.0.113.7");
        assert_eq!(resolve("127.0.0.1", &["198.51.100.1"], ""), "127.0.0.1");
        // The client wrote the first, the proxy the second.
        assert_eq!(resolve("127.0.0.1", &["198.51.100.1, 203.0.113.7"], "127.0.0.1"), "203.0.113.7");
        assert_eq!(resolve("127.0.0.1", &["198.51.100.1", "203.0.113.7"], "127.0.0.1"), "203.0.113.7");
    }

    #[test]
    fn several_trusted_proxies_in_a_row_are_passed_over() {
        assert_eq!(resolve("127.0.0.1", &["203.0.113.7, 10.0.0.5"], "127.0.0.1,10.0.0.0/8"), "203.0.113.7");
        assert_eq!(resolve("::ffff:127.0.0.1", &["[2001:db8::1]:4711"], "127.0.0.1"), "2001:db8::1");
        assert_eq!(resolve("127.0.0.1", &["203.0.113.7, unknown"], "127.0.0.1"), "127.0.0.1");
        assert_eq!(resolve("127.0.0.1", &[], "127.0.0.1"), "127.0.0.1");
    }

    #[test]
    fn the_addresses_of_one_ipv6_subscriber_count_as_one() {
        let counted = |text: &str| counted(text.parse().unwrap()).to_string();
        assert_eq!(counted("2001:db8:1:2:3:4:5:6"), counted("2001:db8:1:2::9"));
        assert_ne!(counted("2001:db8:1:2::9"), counted("2001:db8:1:3::9"));
        assert_eq!(counted("::ffff:203.0.113.7"), "203.0.113.7");
    }
}
