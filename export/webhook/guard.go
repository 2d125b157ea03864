package webhook

import (
	"context"
	"fmt"
	"net/netip"
	"syscall"
)

// Guard decides to which addresses a connection may be made. The zero Guard
// lets only public ones through, and those over TLS alone.
type Guard struct {
	// Allow names networks that may be reached although they are private, and
	// without TLS.
	Allow []netip.Prefix
}

// special are the ranges that are no place in the public internet: those of
// IANA's special-purpose registries (RFC 6890 and later) that are not globally
// reachable, and those that lead elsewhere through an address within the
// address (NAT64, 6to4, Teredo).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"), // cloud machines tell secrets at 169.254.169.254
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, reserved, broadcast
}

// public6 is what IANA has given out of IPv6; of it, these parts are special.
var (
	public6  = netip.MustParsePrefix("2000::/3")
	special6 = []netip.Prefix{
		netip.MustParsePrefix("2001::/23"), // Teredo and protocols
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"), // 6to4
		netip.MustParsePrefix("3fff::/20"),
	}
)

// public reports whether an address is one of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if ip.Zone() != "" || !ip.IsValid() {
		return false
	}
	if ip.Is6() && !public6.Contains(ip) {
		return false
	}
	for _, list := range [][]netip.Prefix{special, special6} {
		for _, p := range list {
			if p.Contains(ip) {
				return false
			}
		}
	}
	return true
}

// allowed reports whether the user named the network of an address.
func (g Guard) allowed(ip netip.Addr) bool {
	for _, p := range g.Allow {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// refusedError says that a connection was not made, and why.
type refusedError struct {
	Address string
	Why     string
}

// Error implements error.
func (e *refusedError) Error() string {
	return fmt.Sprintf("no connection to %s: %s", e.Address, e.Why)
}

// control is asked by the dialer for each address that a name was resolved to,
// after the resolving, so that a name that is private the second time it is
// asked for gains nothing.
func (g Guard) control(plain bool) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, network, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		switch {
		case err != nil || network != "tcp4" && network != "tcp6":
			return &refusedError{address, "it is no address of TCP"}
		case g.allowed(at.Addr()):
			return nil
		case !public(at.Addr()):
			return &refusedError{address, "it is not public; its network has to be allowed first"}
		case plain:
			return &refusedError{address, "in the public internet it takes https"}
		}
		return nil
	}
}
