package estate

import (
	"math/big"
	"net/netip"
	"strconv"
)

// maxBlocks is how many blocks Fn::Cidr gives at most.
const maxBlocks = 256

// cidr divides a block of addresses.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
func (i *instance) cidr(items []any) any {
	block := i.text(items[0])
	prefix, err := netip.ParsePrefix(block)
	count, noCount := strconv.Atoi(i.text(items[1]))
	if err != nil || noCount != nil || count < 1 || count > maxBlocks {
		return i.made("the blocks of " + block)
	}
	prefix = prefix.Masked()
	bits := 8
	if prefix.Addr().Is6() {
		bits = 64
	}
	if len(items) == 3 {
		if bits, err = strconv.Atoi(i.text(items[2])); err != nil || bits < 1 {
			return i.made("the blocks of " + block)
		}
	}
	return blocks(prefix, count, bits)
}

// blocks are the first count blocks whose addresses differ in the last bits only.
func blocks(prefix netip.Prefix, count, bits int) []any {
	width := prefix.Addr().BitLen()
	if bits > width-prefix.Bits() {
		return nil
	}
	address := new(big.Int).SetBytes(prefix.Addr().AsSlice())
	step := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	var list []any
	for range count {
		next, ok := netip.AddrFromSlice(address.FillBytes(make([]byte, width/8)))
		if !ok || !prefix.Contains(next) {
			break
		}
		list = append(list, netip.PrefixFrom(next, width-bits).String())
		address.Add(address, step)
		if address.BitLen() > width {
			break
		}
	}
	return list
}
