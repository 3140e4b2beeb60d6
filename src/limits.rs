//! Limits, so that nobody can exhaust the service: connections, waiting, bytes held in memory, requests of one
//! person. The defaults are for a machine of 1 GiB; `docs/limits.md` explains each one.

use crate::rates::Quotas;
use ipnet::IpNet;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpNet>,
    /// Concurrent connections: in total, and of one address.
    pub connections: usize,
    pub connections_per_address: usize,
    /// Concurrent requests.
    pub requests: usize,
    /// Requests of the API in a minute: of one person, of one address.
    pub rates: Quotas,
    /// Concurrent event streams: of all, of one person or address.
    pub streams: usize,
    pub streams_of_one: usize,
    /// Timeout for the header of a request, and for the next request on a kept-alive connection.
    pub header: Duration,
    /// Without a byte in either direction for so long, the connection is closed.
    pub idle: Duration,
    /// Without a byte of a body for so long, the request is aborted.
    pub body_idle: Duration,
    /// Minimum rate of a body, bytes a second on average, after a grace period.
    pub body_rate: u32,
    pub body_grace: Duration,
    /// Bytes of bodies, and of data parsed from them, in memory at once.
    pub body_memory: usize,
    /// Concurrent bodies of one person.
    pub bodies_per_person: usize,
    /// Bytes for decoding pictures, all together.
    pub photo_memory: usize,
    /// Live checks of one person: at once, and in a minute.
    pub checks_at_once: usize,
    pub checks_per_minute: u32,
    /// What-ifs of one person in a minute; one runs at a time.
    pub whatifs_per_minute: u32,
    /// Timeout of a request, not counting the time for its body.
    pub request: Duration,
}

impl Limits {
    /// Time from the start by which a body with so many bytes received must have sent more.
    pub fn body(&self, received: usize) -> Duration {
        self.body_grace + Duration::from_secs(received as u64 / u64::from(self.body_rate.max(1)))
    }
}

/// Networks such as `127.0.0.1, 10.0.0.0/8, fd00::/8`; a single address is a network of one.
pub fn parse_networks(text: &str) -> Option<Vec<IpNet>> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| item.parse().ok().or_else(|| Some(IpNet::from(item.parse::<std::net::IpAddr>().ok()?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_network_of_one_and_what_is_neither_is_refused() {
        let networks = parse_networks("127.0.0.1, 10.0.0.0/8,fd00::/8").unwrap();
        assert_eq!(
            networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
        );
        assert_eq!(parse_networks(""), Some(Vec::new()));
        assert_eq!(parse_networks("proxy.example.org"), None);
    }
}
