//! What is bounded, so that nobody can use the service up: connections, waiting, bytes held in memory, requests of one
//! person. The defaults are for a machine of 1 GiB; `docs/limits.md` says what each one does.

use ipnet::IpNet;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Connections at once: in all, and of one address.
    pub connections: usize,
    pub connections_per_address: usize,
    /// Requests being answered at once.
    pub requests: usize,
    /// For the header of a request, and for the next request on a connection that is kept open.
    pub header: Duration,
    /// Without a byte in either direction: the connection is closed.
    pub idle: Duration,
    /// Without a byte of a body: the request is given up.
    pub body_idle: Duration,
    /// The slowest body, bytes a second on average, after a while that is free.
    pub body_rate: u32,
    pub body_grace: Duration,
    /// Bytes of bodies, and of what is read from them, in memory at once.
    pub body_memory: usize,
    /// Bodies that one person may be sending at once.
    pub bodies_per_person: usize,
    /// Bytes that pictures may take while they are decoded, all together.
    pub photo_memory: usize,
    /// Live checks of one person: at once, and in a minute.
    pub checks_at_once: usize,
    pub checks_per_minute: u32,
    /// What-ifs of one person in a minute; one runs at a time.
    pub whatifs_per_minute: u32,
    /// For a request, beside what its body takes.
    pub request: Duration,
}

impl Limits {
    /// By when a body of which so much has come must have sent more, from its start.
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
