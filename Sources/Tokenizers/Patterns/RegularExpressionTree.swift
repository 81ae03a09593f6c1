/// A regular expression as it is written.
indirect enum RegularExpressionTree {
    case scalar(set: Int)
    case sequence([RegularExpressionTree])
    case alternatives([RegularExpressionTree])
    case repetition(RegularExpressionTree, least: Int, most: Int?, isLazy: Bool)
    case lookAhead(set: Int, isNegative: Bool)
    case lineStart
    case lineEnd
}
