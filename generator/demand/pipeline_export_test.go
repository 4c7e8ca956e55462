package demand

// ActionPages are the pages of the kinds of actions that are known.
func ActionPages() []string {
	var pages []string
	for _, p := range providers {
		pages = append(pages, p.page)
	}
	return pages
}
