package ashbytest

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// digest mixes the seed with any parts, for ids and rolls that a seed repeats.
func digest(seed uint64, parts ...any) [32]byte {
	return sha256.Sum256(fmt.Append(nil, append([]any{seed}, parts...)...))
}

// newID draws the next id, a UUID, for what control and webhooks make. The
// count is part of the journal, so ids do not repeat after a restart.
func (s *store) newID() string {
	s.count++
	return uuidFrom(digest(s.seed, "id", s.count))
}

func uuidFrom(d [32]byte) string {
	d[6] = d[6]&0x0f | 0x40
	d[8] = d[8]&0x3f | 0x80
	h := hex.EncodeToString(d[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// requestID looks like the ULIDs that Ashby puts into errorInfo.
func requestID(identity [32]byte, now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	copy(b[6:], identity[:10])
	return crockford.EncodeToString(b[:])
}

// roll is a number in [0,1) that depends on the seed and the parts only.
func roll(seed uint64, parts ...any) float64 {
	d := digest(seed, parts...)
	return float64(binary.BigEndian.Uint64(d[:8])>>11) / math.Exp2(53)
}
